"""Run by the earlier version: the demonstration, seven phones that have scored, and whatever people keep meanwhile."""

import json
import os
import re
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "coprod.settings"
django.setup()

from django.core import mail  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

setup_test_environment()
call_command("migrate", verbosity=0)
call_command("demo", stdout=sys.stderr)

from feedback.models import Round  # noqa: E402
from partnerships.models import Member  # noqa: E402

PHONES = 7


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def score(address: str, number: int) -> dict[str, str]:
    """One phone's slip; the cookies that it keeps."""
    phone = Client()
    page = phone.get(address).content.decode()
    names = dict.fromkeys(re.findall(r'<input type="radio" name="(\w+)"', page))
    sent = {"key": hidden(page, "key"), "revision": hidden(page, "revision"), "comment": f"Phone {number} was here"}
    assert phone.post(address, sent | dict.fromkeys(names, "yes")).status_code == 302
    return {name: cookie.value for name, cookie in phone.cookies.items()}


def links(pattern: str) -> list[str]:
    return [found for each in mail.outbox for found in re.findall(rf"https?://[^/\s]+({pattern})", str(each.body))]


round = Round.objects.filter(stage="open").first()
assert round, "the demonstration has an open round"
meeting = round.meeting
partnership = meeting.partnership
already = round.slips.count()

alice = Client()
alice.post("/demo/sign-in/minute_taker/")
Member.objects.filter(partnership=partnership).exclude(user__email="minutes@example.org").update(
    invited_on=None, signed_in_on=None
)
alice.post(f"{partnership.get_absolute_url()}members/invite/")
year = f"{partnership.get_absolute_url()}years/{timezone.localdate().year}/"
workshop = {
    "date": timezone.localdate().isoformat(),
    "facilitator": "Maeve Byrne",
    "organisation": "Community Places",
    "email": "maeve@example.com",
}
alice.post(f"{year}workshop/", workshop)
alice.post(f"{year}workshop/link/", {"do": "send"})

held = {
    "round": round.pk,
    "code": round.code,
    "slips": already + PHONES,
    "phones": [score(f"/m/{round.code}/", number) for number in range(PHONES)],
    "session": alice.cookies["sessionid"].value,
    "desk": f"{meeting.get_absolute_url()}feedback/",
    "invitations": links(r"/invitation/\S+/"),
    "packs": links(r"/pack/\S+/"),
}
assert held["invitations"], "an invitation went out"
assert len(held["packs"]) == 1, "the facilitator has a link"
Path(sys.argv[1]).write_text(json.dumps(held))
