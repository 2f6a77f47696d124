"""A member adopts the charter, personally and for their organisation, gets a receipt, and may take it back."""

import datetime

import pytest
from django.core import mail
from django.test import Client

from charter import adopting
from charter.models import Adoption, Level
from partnerships.models import Entry, Member
from partnerships.people import membership
from tests.actors.phones import text_of
from tests.charter.conftest import CHARTER, HOSTILE, member, sign
from tests.factories import MemberFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
BOTH = {"personally": "on", "for_organisation": "on"}


@pytest.fixture
def adopt(as_, bob):
    """`adopt(**ticks)`: Bob sends the form as it was loaded."""

    def send(**form):
        seen = {"version": "1", "organisation": bob.organisation_id, "name": "Bob"}
        return as_("bob").post(f"{CHARTER}adopt/", seen | form, follow=True)

    return send


def told() -> list[tuple]:
    return list(Adoption.objects.order_by("level").values_list("member__name", "level", "version", "signed_name"))


class TestAdopting:
    def test_both_at_once(self, adopt, bob):
        page = text_of(adopt(**BOTH, name="  Robert   Bob "))
        assert "Thank you. It is recorded, and a receipt is on its way to you by email." in page
        assert told() == [("Bob", "organisation", 1, "Robert Bob"), ("Bob", "person", 1, "Robert Bob")]
        assert "You adopted it personally on 5 March 2026." in page
        assert "Libraries adopted it on 5 March 2026." in page
        assert "Read it and adopt it" not in page
        assert list(Entry.objects.order_by("pk").values_list("act", "by__email", "member", "detail")) == [
            ("charter_signed", "bob@example.org", bob.pk, "personally"),
            ("charter_signed", "bob@example.org", bob.pk, "for the organisation"),
        ]

    def test_one_now_and_the_other_later(self, adopt, as_):
        adopt(personally="on")
        page = text_of(as_("bob").get(f"{CHARTER}adopt/"))
        assert "You adopted it personally on 5 March 2026. I adopt the charter on behalf of Libraries" in page
        adopt(for_organisation="on")
        assert len(told()) == 2
        page = text_of(as_("bob").get(f"{CHARTER}adopt/"))
        assert "You have adopted it, and so has your organisation." in page
        assert "Type your name" not in page

    def test_for_the_organisation_alone(self, adopt, as_):
        adopt(for_organisation="on")
        page = text_of(as_("bob").get(f"{CHARTER}adopt/"))
        assert "I adopt the charter personally Libraries adopted it on 5 March 2026." in page

    def test_a_double_click_is_one(self, adopt):
        adopt(**BOTH)
        page = text_of(adopt(**BOTH))
        assert "You had adopted it already. Nothing was changed." in page
        assert (len(told()), len(mail.outbox), Entry.objects.count()) == (2, 1, 2)

    def test_for_an_organisation_whose_other_representative_was_first(self, adopt, bob, partnership, as_):
        ben = MemberFactory(partnership=partnership, name="Ben", organisation=bob.organisation)
        sign(ben, "organisation")
        page = text_of(as_("bob").get(CHARTER))
        assert "Libraries adopted it on 5 March 2026. Ben did so on its behalf." in page
        adopt(**BOTH)
        assert told() == [("Ben", "organisation", 1, "Ben"), ("Bob", "person", 1, "Bob")]

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({}, "Tick how it is adopted: one of the two, or both"),
            ({"personally": "on", "name": " "}, "Type your name"),
            ({"personally": "on", "name": "12"}, "Type your name, with letters"),
            ({"personally": "on", "name": "=cmd()"}, "as a spreadsheet’s formula does"),
            ({"personally": "on", "name": "x" * 121}, "Shorten the name to 120 characters or fewer"),
            ({"personally": "on", "version": "2"}, "The wording has changed since you opened this page."),
            ({"personally": "on", "version": ""}, "The wording has changed since you opened this page."),
            (BOTH | {"organisation": "0"}, "On the list you are here for Libraries"),
        ],
    )
    def test_what_is_wrong_is_told_and_what_was_typed_kept(self, adopt, form, words):
        response = adopt(**form)
        assert response.status_code == 422
        assert "There is a problem" in text_of(response)
        assert words in text_of(response)
        assert response.context["form"]["personally"].value() == ("personally" in form)
        assert response.context["form"]["name"].value() == form.get("name", "Bob")
        assert (told(), mail.outbox) == ([], [])

    def test_after_the_wording_changed_the_new_one_is_read_and_the_same_press_adopts_it(self, adopt, second_wording):
        page = adopt(personally="on")
        assert "Doing it together." in text_of(page)
        assert 'name="version" value="2"' in page.content.decode()
        adopt(personally="on", version="2")
        assert told() == [("Bob", "person", 2, "Bob")]

    def test_an_organisation_one_does_not_represent_any_more(self, adopt, bob, partnership, cast):
        seen = bob.organisation_id
        bob.organisation = OrganisationFactory(area=partnership.area, name="Museums")
        membership.change(member=bob, by=cast.alice)
        page = text_of(adopt(for_organisation="on", organisation=seen))
        assert "You do not represent the organisation that this page named." in page
        assert "I adopt the charter on behalf of Museums" in page
        assert told() == []

    def test_who_has_left_finds_nothing(self, adopt, bob):
        Member.objects.filter(pk=bob.pk).update(left_on="2999-01-01")
        assert adopt(**BOTH).status_code == 404
        assert told() == []

    def test_who_leaves_in_this_very_moment_is_told(self, adopt, monkeypatch):
        def gone(**_asked):
            raise adopting.NotTheirs

        monkeypatch.setattr(adopting, "adopt", gone)
        response = adopt(**BOTH)
        assert response.status_code == 422
        assert "The list of members has changed in this very moment." in text_of(response)

    @pytest.mark.parametrize("change", ["left_on", "organisation"])
    def test_the_last_look_is_under_the_lock(self, bob, cast, partnership, change):
        stale = Member.objects.select_related("partnership").get(pk=bob.pk)
        new = {"left_on": "2999-01-01", "organisation": OrganisationFactory(area=partnership.area).pk}[change]
        Member.objects.filter(pk=bob.pk).update(**{change: new})
        with pytest.raises(adopting.NotTheirs):
            adopting.adopt(member=stale, levels=list(Level), signed_name="Bob", by=cast.bob)
        assert told() == []

    def test_is_for_members_alone(self, as_, alice, bob):
        answers = [as_(name).get(f"{CHARTER}adopt/").status_code for name in ("bob", "alice", "carol", "eve")]
        assert answers == [200, 200, 404, 404]
        assert "You and the charter" not in text_of(as_("carol").get(CHARTER))

    def test_shows_markup_as_it_was_typed(self, adopt, bob, as_):
        bob.organisation.name = HOSTILE
        bob.organisation.save()
        adopt(**BOTH, name=HOSTILE)
        for path in ("", "adopt/", "withdraw/organisation/"):
            page = as_("bob").get(f"{CHARTER}{path}").content.decode()
            assert HOSTILE not in page

    def test_needs_the_forms_token(self, cast):
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.bob)
        assert client.post(f"{CHARTER}adopt/", BOTH).status_code == 403
        assert told() == []


class TestTheReceipt:
    def test_says_what_for_whom_when_and_how_to_take_it_back(self, adopt):
        adopt(**BOTH)
        receipt = mail.outbox[0]
        assert (receipt.to, receipt.subject) == (
            ["bob@example.org"],
            "You have adopted the charter: Strategic Growth Partnership",
        )
        words = " ".join(receipt.body.split())
        back = f"http://testserver{CHARTER}withdraw"
        signed = "on 5 March 2026, signed “Bob” (version 1 of the wording). To take it back:"
        assert f"personally, {signed} {back}/person/" in words
        assert f"on behalf of Libraries, {signed} {back}/organisation/" in words
        assert "T Teamwork when developing options" in words
        assert "12. Contribute to discussions" in words

    def test_is_plain_text(self, adopt, partnership):
        partnership.name = "Health & Wellbeing"
        partnership.save()
        adopt(personally="on")
        assert "adopted the TOGETHER charter in Health & Wellbeing:" in mail.outbox[0].body

    def test_that_cannot_be_sent_undoes_nothing(self, adopt, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.Down"}}
        page = text_of(adopt(personally="on"))
        assert "Thank you. It is recorded." in page
        assert "The receipt could not be sent: the mail server did not answer." in page
        assert len(told()) == 1


class TestTakingBack:
    @pytest.mark.parametrize(
        ("level", "words", "left"),
        [
            ("person", "Take your own adoption back?", "organisation"),
            ("organisation", "Take the adoption of Libraries back?", "person"),
        ],
    )
    def test_asks_first(self, as_, bob, level, words, left):
        sign(bob, "person", "organisation")
        address = f"{CHARTER}withdraw/{level}/"
        assert words in text_of(as_("bob").get(address))
        assert Adoption.objects.count() == 2
        assert "It is taken back." in text_of(as_("bob").post(address, follow=True))
        assert [each.level for each in Adoption.objects.all()] == [left]
        assert list(Entry.objects.values_list("act", "by__email", "member")) == [
            ("charter_withdrawn", "bob@example.org", bob.pk)
        ]

    def test_twice_says_so(self, as_, bob):
        assert "There was nothing to take back." in text_of(as_("bob").post(f"{CHARTER}withdraw/person/", follow=True))
        assert Entry.objects.count() == 0

    def test_what_somebody_else_signed_for_the_same_organisation_stays(self, as_, bob, partnership):
        ben = MemberFactory(partnership=partnership, organisation=bob.organisation, name="Ben")
        sign(ben, "organisation")
        page = as_("bob").get(CHARTER)
        assert "Ben did so on its behalf." in text_of(page)
        assert "withdraw/organisation" not in page.content.decode()
        page = as_("bob").post(f"{CHARTER}withdraw/organisation/", follow=True)
        assert "There was nothing to take back." in text_of(page)
        assert Adoption.objects.get().member == ben

    def test_only_one_s_own(self, as_, bob, una):
        sign(una, "person", "organisation")
        as_("bob").post(f"{CHARTER}withdraw/person/")
        as_("bob").post(f"{CHARTER}withdraw/organisation/")
        assert Adoption.objects.count() == 2

    def test_of_no_known_kind_is_not_found(self, as_, bob):
        assert as_("bob").post(f"{CHARTER}withdraw/everything/").status_code == 404


class TestWhoIsAsked:
    def test_who_has_something_to_adopt(self, adopted, alice, bob, una):
        sign(alice, "person", "organisation")
        sign(bob, "person")
        assert adopting.asked_of([alice, bob, una]) == {bob.pk, una.pk}

    def test_nobody_before_the_partnership_has_adopted_it(self, bob):
        assert adopting.asked_of([bob]) == set()
        assert adopting.asked_of([]) == set()

    def test_nobody_about_a_new_wording_before_the_partnership(self, adopted, bob, second_wording):
        assert adopting.asked_of([bob]) == set()

    def test_an_organisation_is_asked_anew_once_its_signer_has_left(self, adopted, bob, partnership):
        ben = MemberFactory(partnership=partnership, organisation=bob.organisation)
        sign(ben, "organisation")
        sign(bob, "person")
        assert adopting.asked_of([bob]) == set()
        Member.objects.filter(pk=ben.pk).update(left_on="2999-01-01")
        assert adopting.asked_of([bob]) == {bob.pk}

    def test_one_body_in_two_partnerships_adopts_in_each(self, adopted, bob, cast):
        other = MemberFactory(user=UserFactory())
        other.partnership.charter_adoptions.create(version=1, adopted_on=datetime.date(2026, 3, 4), decision="Yes")
        sign(bob, "person", "organisation")
        assert adopting.asked_of([bob, other]) == {other.pk}

    def test_takes_two_queries_for_1_and_for_40(self, adopted, partnership, django_assert_num_queries):
        members = [member(partnership, f"M{n}", f"Body {n}") for n in range(40)]
        for few in (members[:1], members):
            with django_assert_num_queries(2):
                assert len(adopting.asked_of(few)) == len(few)
