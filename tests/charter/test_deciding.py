"""The minute-taker records that the partnership adopted the charter, and publishes it."""

import pytest
from django.test import Client

from charter.models import PartnershipAdoption
from partnerships.models import Entry, Meeting
from tests.actors.phones import text_of
from tests.charter.conftest import CHARTER, HOSTILE, sign
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db
RECORD, PUBLISH = f"{CHARTER}record/", f"{CHARTER}publish/"


@pytest.fixture
def record(as_):
    """`record(**form)`: Alice records what was decided."""
    told = {"adopted_on": "2026-03-04", "decision": "The charter is adopted."}
    return lambda **form: as_("alice").post(RECORD, told | form, follow=True)


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


class TestRecording:
    def test_says_when_at_which_meeting_and_in_which_words(self, record, as_, meeting):
        page = text_of(record(meeting=meeting.pk, decision=" The charter  is adopted. "))
        assert "Recorded. Now ask organisations and members to adopt it." in page
        assert "This partnership adopted the charter on 4 March 2026." in page
        assert "“The charter is adopted.” Meeting of 4 March 2026" in page
        adoption = PartnershipAdoption.objects.get()
        assert (adoption.version, adoption.meeting, adoption.token) == (1, meeting, None)
        assert list(Entry.objects.values_list("act", "by__email", "meeting")) == [
            ("charter_adopted", "alice@example.org", meeting.pk)
        ]

    def test_without_a_meeting(self, record):
        page = text_of(record())
        assert "“The charter is adopted.”" in page
        assert "Meeting of" not in page

    def test_again_puts_it_right(self, record, as_, adopted):
        form = as_("alice").get(RECORD).context["form"]
        assert [form[name].value() for name in ("decision", "meeting")] == ["Agreed.", adopted.meeting_id]
        PartnershipAdoption.objects.update(token="t" * 32)
        record(adopted_on="2026-03-03")
        adoption = PartnershipAdoption.objects.get()
        assert (str(adoption.adopted_on), adoption.meeting, adoption.token) == ("2026-03-03", None, "t" * 32)
        assert str(adoption) == "Strategic Growth Partnership, 2026-03-03"

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"adopted_on": "2026-03-06"}, "Choose today or an earlier day"),
            ({"adopted_on": ""}, "Choose the day"),
            ({"adopted_on": "soon"}, "Type a day, for example 30/11/2026"),
            ({"decision": " "}, "Type what was decided"),
            ({"decision": "!"}, "Type what was decided"),
            ({"decision": "x" * 501}, "Shorten this to 500 characters or fewer"),
        ],
    )
    def test_what_is_wrong_is_told_and_what_was_typed_kept(self, record, form, words):
        response = record(**form)
        assert response.status_code == 422
        assert words in text_of(response)
        assert response.context["form"]["adopted_on"].value() == form.get("adopted_on", "2026-03-04")
        assert (PartnershipAdoption.objects.count(), acts()) == (0, [])

    def test_takes_no_meeting_to_come_called_off_or_elsewhere(self, record, partnership):
        for meeting in (
            MeetingFactory(partnership=partnership, date="2026-03-06"),
            MeetingFactory(partnership=partnership, called_off_on="2026-03-01"),
            MeetingFactory(),
        ):
            assert record(meeting=meeting.pk).status_code == 422

    def test_by_mistake_is_removed(self, as_, adopted, bob):
        sign(bob, "person")
        assert "Recorded by mistake?" in text_of(as_("alice").get(RECORD))
        page = text_of(as_("alice").post(RECORD, {"do": "remove"}, follow=True))
        assert "Removed." in page
        assert "This partnership has not adopted the charter yet." in page
        assert "Bob ✓ Adopted on 5 March 2026." in page
        as_("alice").post(RECORD, {"do": "remove"})
        assert acts() == ["charter_withdrawn"]

    def test_a_new_wording_keeps_the_old_adoption_and_takes_over_its_address(
        self, record, as_, adopted, second_wording
    ):
        PartnershipAdoption.objects.update(token="t" * 32)
        page = text_of(as_("alice").get(CHARTER))
        assert "This partnership adopted an earlier wording on 4 March 2026." in page
        assert "Record that we adopted it" in page
        assert "Recorded by mistake?" not in text_of(as_("alice").get(RECORD))
        record(adopted_on="2026-03-05")
        assert list(PartnershipAdoption.objects.values_list("version", "token")) == [(2, "t" * 32), (1, None)]
        as_("alice").post(RECORD, {"do": "remove"})
        assert PartnershipAdoption.objects.get().version == 1

    def test_outlives_its_meeting(self, adopted, meeting):
        Meeting.objects.filter(pk=meeting.pk).delete()
        adopted.refresh_from_db()
        assert adopted.meeting is None

    def test_is_not_for_members(self, as_, cast):
        for path in (RECORD, PUBLISH):
            assert [as_(who).post(path).status_code for who in ("bob", "eve")] == [403, 404]
        assert "For the minute-taker" not in text_of(as_("bob").get(CHARTER))

    def test_shows_markup_as_it_was_typed(self, record, as_):
        record(decision=HOSTILE)
        for path in (CHARTER, PUBLISH, RECORD):
            page = as_("alice").get(path).content.decode()
            assert HOSTILE not in page
            assert "&lt;script&gt;" in page


class TestThePartnershipsPage:
    def test_says_how_it_stands(self, as_, cast, partnership, monkeypatch):
        assert "Our charter: not adopted yet" in text_of(as_("bob").get("/partnerships/growth/"))

    def test_once_it_is_adopted(self, as_, cast, adopted):
        assert "Our charter: adopted on 4 March 2026" in text_of(as_("bob").get("/partnerships/growth/"))

    def test_once_the_wording_has_changed(self, as_, cast, adopted, second_wording):
        page = text_of(as_("bob").get("/partnerships/growth/"))
        assert "Our charter: an earlier wording adopted on 4 March 2026" in page


class TestPublishing:
    def test_members_names_are_taken_out_of_the_decision(self, as_, adopted, bob):
        PartnershipAdoption.objects.update(decision="Moved by Bob, seconded by ALICE’s chair; agreed", token="t" * 32)
        for page in (as_("alice").get(PUBLISH), Client().get(f"/charter/{'t' * 32}/")):
            assert "Moved by [name], seconded by ALICE’s chair; agreed" in text_of(page)

    def test_shows_first_what_everybody_would_see(self, as_, adopted, bob):
        sign(bob, "organisation")
        page = text_of(as_("alice").get(PUBLISH))
        assert "It is not published." in page
        adopted_it = "This partnership adopted the charter on 4 March 2026. “Agreed.” Libraries"
        assert f"{adopted_it} Members’ names are taken out, and residents are “residents”." in page
        assert PartnershipAdoption.objects.get().token is None

    def test_gives_it_an_address_that_nobody_can_guess(self, as_, adopted):
        page = text_of(as_("alice").post(PUBLISH, follow=True))
        address = PartnershipAdoption.objects.get().public_address
        assert len(address) == len("/charter//") + 32
        assert f"Everybody who has the address can read it, without signing in: http://testserver{address}" in page
        assert f"Published for everybody at http://testserver{address}" in text_of(as_("bob").get(CHARTER))
        assert Client().get(address).status_code == 200

    def test_twice_is_the_same_address(self, as_, adopted):
        as_("alice").post(PUBLISH)
        address = PartnershipAdoption.objects.get().public_address
        as_("alice").post(PUBLISH)
        assert PartnershipAdoption.objects.get().public_address == address
        assert acts() == ["charter_published"]

    def test_is_taken_back_and_then_has_another_address(self, as_, adopted):
        as_("alice").post(PUBLISH)
        before = PartnershipAdoption.objects.get().public_address
        page = text_of(as_("alice").post(PUBLISH, {"do": "hide"}, follow=True))
        assert "It is taken back: the address leads nowhere now." in page
        assert Client().get(before).status_code == 404
        as_("alice").post(PUBLISH, {"do": "hide"})
        as_("alice").post(PUBLISH)
        assert PartnershipAdoption.objects.get().public_address != before
        assert Client().get(before).status_code == 404
        assert acts() == ["charter_published", "charter_hidden", "charter_published"]

    def test_needs_an_adoption(self, as_, partnership, cast):
        page = text_of(as_("alice").post(PUBLISH, follow=True))
        assert "First record that the partnership adopted the charter." in page
        assert acts() == []
