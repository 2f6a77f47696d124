"""Run by this version: what people held before the upgrade still opens what it did, and the round ends in a table."""

import json
import os
import re
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "coprod.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from feedback.models import Round, Table  # noqa: E402

setup_test_environment()
call_command("migrate", verbosity=0)
held = json.loads(Path(sys.argv[1]).read_text())


def holding(cookies: dict[str, str]) -> Client:
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def changed(cookies: dict[str, str]) -> str:
    """The comment that a phone finds again, after it has sent the same slip with another."""
    phone, address = holding(cookies), f"/m/{held['code']}/"
    page = phone.get(address).content.decode()
    found = re.search(r"Phone \d+ was here", page)
    assert found, "a phone finds its slip again"
    sent = dict(re.findall(r'name="(key|revision)" value="([^"]*)"', page))
    chosen = re.findall(r'name="(\w+)" value="(\w+)"[^>]*\bchecked', page)
    assert len(chosen) == 7, chosen
    assert phone.post(address, sent | dict(chosen) | {"comment": f"{found[0]}, again"}).status_code == 302
    return found[0]


came_back = {changed(cookies) for cookies in held["phones"]}
assert len(came_back) == len(held["phones"]), came_back
assert Round.objects.get(pk=held["round"]).slips.count() == held["slips"], "each phone still counts once"

for link in held["invitations"]:
    assert Client().get(link).status_code == 200, link
for link in held["packs"]:
    assert Client().get(link).status_code == 200, link

alice = holding({"sessionid": held["session"]})
assert alice.get(held["desk"]).status_code == 200, "the minute-taker is still signed in"
for step in ("stop/", "comments/", "collate/"):
    alice.post(held["desk"] + step, {"agreed": "on"})
table = Table.objects.get(round=held["round"])
assert table.slips == held["slips"], table.slips
assert sorted(came_back) == sorted(
    text.removesuffix(", again") for texts in table.comments.values() for text in texts if text.startswith("Phone")
)
print(
    f"slips {table.slips}, phones {len(came_back)}, invitations {len(held['invitations'])}, "
    f"packs {len(held['packs'])}: all as before"
)
