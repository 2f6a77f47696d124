"""Who has adopted the charter and who has not yet; those who were replaced, moved, renamed or erased."""

import dataclasses

import pytest

from charter.adopting import roll_of
from charter.models import Adoption
from charter.roll import State
from partnerships.models import Member, Organisation
from partnerships.people import membership
from tests.actors.phones import text_of
from tests.charter.conftest import CHARTER, HOSTILE, member, sign
from tests.factories import MemberFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def bodies(partnership) -> dict[str, tuple[str, str]]:
    return {row.organisation_name: (row.state, row.standing) for row in roll_of(partnership).organisations}


def people(partnership) -> dict[str, tuple[str, str]]:
    return {row.name: (row.state, row.standing) for row in roll_of(partnership).people}


class TestTheRoll:
    def test_has_organisations_first_then_people_kindly(self, as_, alice, bob, una, adopted):
        sign(bob, "organisation")
        sign(una, "person", on_paper=True)
        page = text_of(as_("bob").get(CHARTER))
        assert (
            "Who has adopted it Organisations Council Has not yet adopted it. Health Trust Has not yet adopted it."
            " Libraries ✓ Adopted on 5 March 2026. People Alice Has not yet adopted it. Bob Has not yet adopted it."
            " Una ✓ Adopted on paper on 5 March 2026."
        ) in page
        assert "%" not in page

    def test_can_be_used_without_any_persons_name(self, bob, partnership):
        mary = member(partnership, "Mary Smith", "Mary Smith", "residents")
        sign(mary, "organisation", "person")
        sign(bob, "organisation", "person")
        rows = [dataclasses.asdict(row) for row in roll_of(partnership).organisations]
        assert "Mary" not in str(rows)
        assert [row["organisation_name"] for row in rows][-1] == "A resident"
        assert roll_of(partnership).adopted_by == ["Libraries", "residents"]

    def test_of_nobody(self, as_, partnership, cast):
        partnership.members.all().delete()
        assert "Nobody is on this partnership yet." in text_of(as_("carol").get(CHARTER))
        assert roll_of(partnership).organisations == ()

    def test_asks_again_about_a_new_wording(self, alice, bob, partnership, second_wording):
        sign(bob, "organisation", "person")
        earlier = "Adopted an earlier wording in March 2026. Is asked about the new one."
        assert bodies(partnership)["Libraries"] == (State.EARLIER, earlier)
        assert people(partnership)["Bob"] == (State.EARLIER, earlier)
        sign(bob, "organisation", version=2, day=6)
        assert bodies(partnership)["Libraries"] == (State.ADOPTED, "Adopted on 6 March 2026.")

    def test_counts_for_a_partnerships_new_wording_only_who_adopted_that(self, bob, una, partnership, second_wording):
        partnership.charter_adoptions.create(version=2, adopted_on="2026-03-04", decision="Yes")
        sign(bob, "organisation")
        sign(una, "organisation", version=2)
        assert roll_of(partnership).adopted_by == ["Health Trust"]

    def test_of_two_representatives_the_first_counts(self, bob, partnership):
        ben = MemberFactory(partnership=partnership, organisation=bob.organisation)
        sign(bob, "organisation", day=5)
        sign(ben, "organisation", day=2)
        assert bodies(partnership)["Libraries"][1] == "Adopted on 2 March 2026."

    def test_shows_markup_as_it_was_typed(self, as_, bob):
        Member.objects.filter(pk=bob.pk).update(name=HOSTILE)
        Organisation.objects.filter(pk=bob.organisation_id).update(name=HOSTILE)
        page = as_("alice").get(CHARTER).content.decode()
        assert HOSTILE not in page
        assert page.count("&lt;script&gt;") == 2

    def test_costs_the_same_for_1_and_for_40(self, as_, partnership, bob, adopted, django_assert_num_queries):
        client = as_("bob")
        for number in range(40):
            if number in {1, 39}:
                with django_assert_num_queries(9):
                    client.get(CHARTER)
                with django_assert_num_queries(3):
                    roll_of(partnership)
            sign(member(partnership, f"M{number}", f"Body {number}"), "organisation", "person")

    def test_is_for_insiders(self, as_, cast):
        assert [as_(who).get(CHARTER).status_code for who in ("bob", "alice", "carol", "eve")] == [200, 200, 200, 404]


class TestAReplacedRepresentative:
    @pytest.fixture
    def ben(self, bob, cast) -> Member:
        """Bob adopted it both ways; then Ben takes his place."""
        sign(bob, "person", "organisation")
        ben = Member(partnership=bob.partnership, organisation=bob.organisation, name="Ben", email="ben@example.org")
        membership.replace(member=bob, successor=ben, by=cast.alice)
        return ben

    def test_s_adoption_does_not_count_until_the_new_one_confirms(self, ben, partnership):
        words = "Adopted by its former representative in March 2026. Its new one is asked."
        assert bodies(partnership)["Libraries"] == (State.FORMER, words)
        assert people(partnership) == {
            "Alice": (State.NOT_YET, "Has not yet adopted it."),
            "Ben": (State.NOT_YET, "Has not yet adopted it."),
        }
        assert roll_of(partnership).adopted_by == []

    def test_s_successor_is_asked_both_and_confirms_both(self, ben, partnership, client, adopted):
        client.force_login(ben.user)
        page = text_of(client.get(CHARTER))
        assert "You have not adopted it personally yet." in page
        assert "You have not adopted it on behalf of Libraries yet." in page
        form = {"personally": "on", "for_organisation": "on", "name": "Ben", "version": "1"}
        client.post(f"{CHARTER}adopt/", form | {"organisation": ben.organisation_id})
        assert bodies(partnership)["Libraries"] == (State.ADOPTED, "Adopted on 5 March 2026.")
        assert people(partnership)["Ben"] == (State.ADOPTED, "Adopted on 5 March 2026.")

    def test_s_adoption_goes_when_they_are_erased(self, ben, partnership, bob, cast):
        bob.refresh_from_db()
        membership.erase(member=bob, by=cast.carol)
        assert Adoption.objects.count() == 0
        assert bodies(partnership)["Libraries"][0] == State.NOT_YET


class TestWhoMovesIsRenamedOrErased:
    def test_who_moves_to_another_body_takes_only_their_own_along(self, bob, partnership, cast):
        MemberFactory(partnership=partnership, organisation=bob.organisation)
        sign(bob, "person", "organisation")
        bob.organisation = OrganisationFactory(area=partnership.area, name="Museums")
        membership.change(member=bob, by=cast.alice)
        assert bodies(partnership)["Museums"][0] == State.NOT_YET
        assert bodies(partnership)["Libraries"][0] == State.FORMER
        assert people(partnership)["Bob"][0] == State.ADOPTED

    def test_and_may_adopt_for_the_new_one(self, bob, partnership, cast, as_):
        MemberFactory(partnership=partnership, organisation=bob.organisation)
        sign(bob, "organisation")
        bob.organisation = OrganisationFactory(area=partnership.area, name="Museums")
        membership.change(member=bob, by=cast.alice)
        form = {"for_organisation": "on", "name": "Bob", "version": "1", "organisation": bob.organisation_id}
        as_("bob").post(f"{CHARTER}adopt/", form)
        assert bodies(partnership)["Museums"][0] == State.ADOPTED
        assert bodies(partnership)["Libraries"][0] == State.NOT_YET

    def test_a_body_typed_anew_under_its_right_name_keeps_its_adoption(self, bob, partnership, cast):
        sign(bob, "organisation")
        bob.organisation = Organisation(area=partnership.area, name="Libraries NI", sector="statutory")
        membership.change(member=bob, by=cast.alice)
        assert bodies(partnership)["Libraries NI"][0] == State.ADOPTED
        assert not Organisation.objects.filter(name="Libraries").exists()

    def test_who_is_erased_leaves_no_name(self, bob, partnership, cast):
        sign(bob, "person", "organisation")
        membership.erase(member=bob, by=cast.carol)
        assert Adoption.objects.count() == 0
        assert "Libraries" not in bodies(partnership)

    def test_who_left_long_ago_is_forgotten_with_it(self, bob, partnership):
        sign(bob, "person", "organisation")
        Member.objects.filter(pk=bob.pk).update(joined_on="2020-01-01", left_on="2020-02-01")
        list(membership.forget_former())
        assert Adoption.objects.count() == 0

    def test_whoever_typed_it_in_may_be_erased(self, alice, una, cast):
        sign(una, "person", on_paper=True, entered_by=cast.alice)
        membership.erase(member=alice, by=cast.carol)
        assert Adoption.objects.get().entered_by is None
