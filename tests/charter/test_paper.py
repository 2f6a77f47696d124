"""Members without an email address sign on paper; the minute-taker types it in."""

import pytest

from charter import adopting
from charter.models import Adoption
from partnerships.models import Entry, Member
from tests.actors.phones import text_of
from tests.charter.conftest import CHARTER, HOSTILE, sign
from tests.factories import MemberFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
PAPER = f"{CHARTER}paper/"


@pytest.fixture
def enter(as_, alice, una):
    """`enter(**ticks)`: Alice types in what Una signed."""
    told = {"member": una.pk, "adopted_on": "2026-03-01"}
    return lambda **form: as_("alice").post(PAPER, told | form, follow=True)


def test_types_it_in(enter, una, cast):
    page = text_of(enter(personally="on", for_organisation="on"))
    assert "Una: recorded." in page
    assert "Una, on behalf of Health Trust Signed on 1 March 2026." in page
    assert "Una, personally Signed on 1 March 2026." in page
    kept = Adoption.objects.order_by("level").values_list("level", "signed_name", "on_paper", "entered_by__email")
    assert list(kept) == [
        ("organisation", "Una", True, "alice@example.org"),
        ("person", "Una", True, "alice@example.org"),
    ]
    assert list(Entry.objects.values_list("act", "member")) == [("charter_on_paper", una.pk)] * 2


def test_twice_is_once(enter):
    enter(personally="on")
    assert "Una had adopted it already. Nothing was changed." in text_of(enter(personally="on"))
    assert (Adoption.objects.count(), Entry.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Tick how it is adopted"),
        ({"personally": "on", "member": ""}, "Choose who signed"),
        ({"personally": "on", "adopted_on": "2026-03-06"}, "Choose today or an earlier day"),
        ({"personally": "on", "adopted_on": ""}, "Choose the day"),
    ],
)
def test_what_is_wrong_is_told(enter, form, words):
    response = enter(**form)
    assert response.status_code == 422
    assert words in text_of(response)
    assert Adoption.objects.count() == 0


def test_not_for_whoever_can_adopt_it_themselves_has_left_or_is_elsewhere(enter, bob, partnership):
    former = MemberFactory(partnership=partnership, left_on="2999-01-01")
    for member in (bob, former, MemberFactory()):
        page = text_of(enter(member=member.pk, personally="on"))
        assert "They are not on this partnership any more, or have an email address now" in page
    assert Adoption.objects.count() == 0


def test_who_leaves_in_this_very_moment_is_told(enter, monkeypatch):
    def gone(**_asked):
        raise adopting.NotTheirs

    monkeypatch.setattr(adopting, "enter_on_paper", gone)
    response = enter(personally="on")
    assert response.status_code == 422
    assert "They are not on this partnership any more" in text_of(response)


def test_typed_in_by_mistake_is_removed(as_, enter, una):
    enter(personally="on")
    form = {"do": "remove", "adoption": Adoption.objects.get().pk}
    assert "Removed." in text_of(as_("carol").post(PAPER, form, follow=True))
    assert "It was gone already. Nothing was changed." in text_of(as_("carol").post(PAPER, form, follow=True))
    assert list(Entry.objects.order_by("pk").values_list("act", flat=True)) == [
        "charter_on_paper",
        "charter_withdrawn",
    ]


def test_only_what_was_on_paper_in_this_partnership_is_removed(as_, alice, bob):
    stranger = MemberFactory()
    sign(bob, "person")
    sign(stranger, "person", on_paper=True)
    for key in (*Adoption.objects.values_list("pk", flat=True), "", "x", "9" * 30):
        page = text_of(as_("alice").post(PAPER, {"do": "remove", "adoption": key}, follow=True))
        assert "Nothing was changed." in page
    assert Adoption.objects.count() == 2


def test_two_who_remove_it_at_once_remove_it_once(una, cast):
    sign(una, "person", on_paper=True)
    adoption = Adoption.objects.select_related("member__partnership__area").get()
    assert adopting.remove(adoption=adoption, by=cast.alice)
    adoption.pk = adoption.pk or 0
    assert not adopting.remove(adoption=adoption, by=cast.carol)
    assert str(adoption) == "Una: personally"


def test_says_where_everybody_can_adopt_it_themselves(as_, alice, bob):
    page = text_of(as_("alice").get(PAPER))
    assert "Every member has an email address, and can adopt it here themselves." in page


def test_is_not_for_members(as_, cast):
    assert [as_(who).post(PAPER).status_code for who in ("bob", "eve")] == [403, 404]


def test_shows_markup_as_it_was_typed(as_, alice, una):
    Member.objects.filter(pk=una.pk).update(name=HOSTILE)
    una.refresh_from_db()
    sign(una, "person", on_paper=True)
    assert HOSTILE not in as_("alice").get(PAPER).content.decode()


def test_costs_the_same_for_1_and_for_3(as_, alice, una, partnership, django_assert_num_queries):
    client = as_("alice")
    for more in (1, 2):
        for each in MemberFactory.create_batch(more, partnership=partnership):
            sign(each, "person", "organisation", on_paper=True)
        with django_assert_num_queries(6):
            client.get(PAPER)


def test_where_nobody_is_on_the_partnership_it_says_so(as_, partnership):
    assert "Nobody is on this partnership yet." in text_of(
        as_("carol").get(f"/partnerships/{bare(partnership)}/charter/paper/")
    )


def bare(partnership) -> str:
    """Another partnership of the area, without members."""
    return PartnershipFactory(area=partnership.area).slug
