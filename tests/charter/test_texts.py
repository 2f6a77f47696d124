"""The wording, letter for letter, and its source wherever it stands."""

import pytest
from django.core import mail
from django.test import Client

from charter import self_check, texts
from tests.actors.phones import text_of
from tests.charter.conftest import CHARTER
from tests.feedback.rounds.test_printing import read
from tests.helpers import seeds


def test_is_that_of_the_guide_and_the_toolkit():
    assert texts.DEFINITION == seeds.DEFINITION
    assert [(each.key, each.letter, each.text) for each in texts.COMMITMENTS] == seeds.COMMITMENTS
    assert [(number, step.number, step.text) for number, step in texts.STEPS.items()] == [
        (number, number, text) for number, text in enumerate(seeds.STEPS, 1)
    ]
    assert list(texts.PRINCIPLES) == seeds.PRINCIPLES


def test_spells_together():
    assert "".join(each.letter for each in texts.COMMITMENTS) == "TOGETHER"


def test_is_version_1_and_versions_are_kept_for_good():
    assert texts.VERSION == 1
    assert texts.WORDINGS[1] == texts.WORDING
    assert list(texts.WORDINGS) == list(range(1, texts.VERSION + 1))


def test_names_its_sources_and_licences():
    assert texts.GUIDE.licence == ""
    assert texts.TOOLKIT.licence_url == "https://creativecommons.org/licenses/by-sa/3.0/"
    assert texts.SOURCE.endswith("Applying Co-Production, section 6")


def test_each_step_has_advice_of_our_own():
    assert list(self_check.ADVICE) == list(texts.STEPS)
    assert len({str(advice) for advice in self_check.ADVICE.values()}) == 12


@pytest.mark.django_db
def test_source_and_licence_stand_wherever_the_texts_do(as_, bob, adopted):
    adopted.token = "t" * 32
    adopted.save()
    nobody, alice = Client(), as_("alice")
    pages = [
        text_of(nobody.get("/charter/")),
        text_of(nobody.get(adopted.public_address)),
        text_of(nobody.get("/charter/self-check/")),
        text_of(nobody.post("/charter/self-check/")),
        text_of(alice.get(CHARTER)),
        text_of(alice.get(f"{CHARTER}adopt/")),
        read(alice.get(f"{CHARTER}poster.pdf").content),
        read(alice.get(f"{CHARTER}sheet.pdf").content),
    ]
    form = {"personally": "on", "name": "Bob", "version": "1", "organisation": bob.organisation_id}
    as_("bob").post(f"{CHARTER}adopt/", form)
    pages.append(" ".join(mail.outbox[0].body.split()))
    for page in pages:
        assert seeds.GUIDE in page
    assert seeds.TOOLKIT in pages[0]


@pytest.mark.django_db
def test_the_whole_of_it_is_what_one_adopts(as_, bob):
    page = text_of(as_("bob").get(f"{CHARTER}adopt/"))
    for text in (seeds.DEFINITION, *(text for _key, _letter, text in seeds.COMMITMENTS), *seeds.STEPS):
        assert text in page
