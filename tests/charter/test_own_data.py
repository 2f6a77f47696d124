"""What I adopted is among what is held about me."""

import json

import pytest

from tests.actors.phones import text_of
from tests.charter.conftest import HOSTILE, sign

pytestmark = pytest.mark.django_db


def test_is_shown_and_downloaded(as_, bob, una):
    sign(bob, "person")
    sign(bob, "organisation", on_paper=True)
    sign(una, "person")
    page = text_of(as_("bob").get("/account/data/"))
    assert "Personally. On 5 March 2026, signed “Bob”, version 1." in page
    assert "On behalf of Libraries. On 5 March 2026, signed “Bob”, version 1. On paper." in page
    held = json.loads(as_("bob").get("/account/data.json").content)["charter"]
    assert held == [
        {
            "partnership": "Strategic Growth Partnership",
            "how": how,
            "organisation": organisation,
            "version": 1,
            "adopted_on": "2026-03-05",
            "signed_as": "Bob",
            "on_paper": bool(organisation),
        }
        for how, organisation in (("personally", None), ("for the organisation", "Libraries"))
    ]


def test_of_nothing_is_not_mentioned(as_, bob):
    assert "version" not in text_of(as_("bob").get("/account/data/"))
    assert json.loads(as_("bob").get("/account/data.json").content)["charter"] == []


def test_shows_markup_as_it_was_typed(as_, bob):
    bob.name = HOSTILE
    sign(bob, "person")
    assert HOSTILE not in as_("bob").get("/account/data/").content.decode()
