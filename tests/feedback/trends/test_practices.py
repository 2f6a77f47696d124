"""What worked: shared by a partnership's own decision, read by all areas, with no score beside it."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from feedback.models import Practice
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.trends import practices as practising
from partnerships.models import Coordinator, Entry, Partnership
from tests.actors.phones import STATEMENTS, text_of
from tests.factories import AreaFactory, CoordinatorFactory, MemberFactory, PartnershipFactory, UserFactory
from tests.helpers.years import met

pytestmark = pytest.mark.django_db
ALL = "/practice/"
OWN = "/partnerships/growth/practice/"
AGENDA = f"{OWN}agenda/"
WITHDRAW = f"{AGENDA}withdraw/"
SAID = {"text": "We time each item.\nThe chair rings a bell.", "decision": "Agreed at the meeting of 4 March 2026"}
TEXTS = {statement.key: statement.text for statement in MEETING_FEEDBACK.statements}


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-05-06 12:00:00+00:00")


@pytest.fixture
def alice(as_) -> Client:
    return as_("alice")


@pytest.fixture
def bob(as_) -> Client:
    return as_("bob")


@pytest.fixture
def eve(as_) -> Client:
    return as_("eve")


def share(client: Client, **more: str):
    return client.post(AGENDA, SAID | {"decided": "on"} | more)


@pytest.fixture
def practice(alice) -> Practice:
    share(alice)
    return Practice.objects.get()


def shared(partnership: Partnership, statement: str = "agenda", text: str = "A bell") -> Practice:
    return Practice.objects.create(
        partnership=partnership, statement_key=statement, text=text, decision="Agreed", shared_on="2026-03-04"
    )


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def acts() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("pk").values_list("act", "detail"))


class TestSharing:
    def test_shares_it_with_all_areas(self, alice, partnership, eve):
        response = share(alice)
        assert (response.status_code, response.url) == (302, OWN)
        practice = Practice.objects.get()
        assert (practice.partnership, practice.statement_key, practice.text, practice.decision, practice.shared_on) == (
            partnership,
            "agenda",
            SAID["text"],
            SAID["decision"],
            datetime.date(2026, 5, 6),
        )
        assert acts() == [("practice_shared", TEXTS["agenda"])]
        assert "The chair rings a bell. Strategic Growth Partnership" in text_of(eve.get(ALL))

    def test_says_beforehand_who_reads_it_and_that_it_names_nobody(self, alice):
        words = text_of(alice.get(AGENDA))
        assert "Share what worked We are sticking to our agenda Coordinators and members of all areas" in words
        assert "Names of people do not belong here" in words
        assert "Stop sharing it" not in words

    def test_there_is_one_note_for_a_statement_which_can_be_changed(self, alice, practice, time_machine):
        page = alice.get(AGENDA).content.decode()
        assert ("The chair rings a bell." in page, "Stop sharing it" in page) == (True, True)
        time_machine.move_to("2026-05-20 12:00:00+00:00")
        alice.force_login(Entry.objects.get().by)
        share(alice, text="Two bells")
        changed = Practice.objects.get()
        assert (changed.pk, changed.text, changed.shared_on) == (practice.pk, "Two bells", datetime.date(2026, 5, 20))
        assert acts() == [("practice_shared", TEXTS["agenda"])] * 2

    def test_is_decided_anew_for_other_words(self, alice, practice):
        response = alice.post(AGENDA, SAID | {"text": "Two bells"})
        assert response.status_code == 422
        assert "Two bells" in response.content.decode()
        assert Practice.objects.get().text == SAID["text"]

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("text", "", "Say what worked"),
            ("text", " \n ", "Say what worked"),
            ("text", "...", "Say what worked"),
            ("text", "x" * 1501, "Shorten this to 1500 characters or fewer"),
            ("decision", "", "Say how the partnership decided to share it"),
            ("decision", "x" * 201, "Shorten this to 200 characters or fewer"),
            ("decision", "=SUM(1)", "begins with ="),
            ("decided", "", "Tick this once the partnership has decided: nobody shares it alone."),
        ],
    )
    def test_a_mistake_is_told_and_nothing_typed_is_lost(self, alice, field, typed, message):
        response = share(alice, **{field: typed})
        assert response.status_code == 422
        page = response.content.decode()
        assert message in text_of(response)
        assert f'<a href="#id_{field}">' in page
        assert "<title>Error: Share what worked" in page
        assert typed.strip() in page
        assert [SAID[name] in page for name in SAID if name != field].count(False) == 0
        assert (Practice.objects.count(), acts()) == (0, [])

    def test_a_line_break_counts_as_one_character(self, alice):
        text = "x" * 749 + "\r\n" + "y" * 750
        assert share(alice, text=text).status_code == 302
        assert Practice.objects.get().text == "x" * 749 + "\n" + "y" * 750

    def test_what_is_too_long_is_not_cut_by_the_browser(self, alice):
        assert "maxlength" not in alice.get(AGENDA).content.decode()

    @pytest.mark.parametrize("url", [f"{OWN}teamwork/", f"{OWN}weather/", f"{OWN}weather/withdraw/"])
    def test_of_no_other_statement(self, alice, url):
        assert (alice.get(url).status_code, alice.post(url, SAID | {"decided": "on"}).status_code) == (404, 404)

    def test_not_by_members(self, bob, eve, practice):
        for url in (AGENDA, WITHDRAW):
            assert (bob.get(url).status_code, bob.post(url, SAID).status_code) == (403, 403)
            assert (eve.get(url).status_code, eve.post(url, SAID).status_code) == (404, 404)
        assert Practice.objects.get() == practice


class TestWithdrawing:
    def test_asks_first(self, alice, practice):
        words = text_of(alice.get(WITHDRAW))
        assert "Stop sharing this? We are sticking to our agenda We time each item." in words
        assert "Who has read it, or copied it, still knows it." in words
        assert Practice.objects.count() == 1

    def test_deletes_it(self, alice, eve, practice):
        response = alice.post(WITHDRAW, follow=True)
        assert response.redirect_chain == [(OWN, 302)]
        assert "It is not shared any more." in text_of(response)
        assert Practice.objects.count() == 0
        assert "rings a bell" not in text_of(eve.get(ALL))
        assert acts()[-1] == ("practice_withdrawn", TEXTS["agenda"])

    def test_by_two_at_once_is_done_once(self, cast, practice):
        for by in (cast.alice, cast.carol):
            practising.withdraw(practice=practice, by=by)
        assert acts() == [("practice_shared", TEXTS["agenda"]), ("practice_withdrawn", TEXTS["agenda"])]

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_nothing_to_withdraw_is_told(self, alice, method):
        response = getattr(alice, method)(WITHDRAW, follow=True)
        assert response.redirect_chain == [(OWN, 302)]
        assert "Nothing is shared about this statement, so nothing was changed." in text_of(response)
        assert acts() == []


class TestOwn:
    def test_lists_the_seven_with_what_is_shared(self, bob, practice):
        words = text_of(bob.get(OWN))
        places = [words.index(TEXTS[key]) for key in STATEMENTS]
        assert places == sorted(places)
        assert (
            "We are sticking to our agenda We time each item. The chair rings a bell. Shared on 6 May 2026. "
            "Agreed at the meeting of 4 March 2026 Read what others share" in words
        )
        assert words.count("Nothing is shared yet.") == 6
        assert [part in words for part in ("Share what worked", "Change", "Stop sharing it")] == [False] * 3
        assert "The minute-taker, the chair and the area’s coordinators write it down" in words

    def test_whoever_may_write_finds_where(self, alice, practice):
        page = alice.get(OWN).content.decode()
        links = [f'href="{OWN}{key}/"' in page for key in STATEMENTS]
        assert (links, f'href="{WITHDRAW}"' in page, page.count("withdraw/")) == ([True] * 7, True, 1)

    def test_leads_to_what_others_share(self, bob):
        page = bob.get(OWN).content.decode()
        assert [f'href="{ALL}?statement={key}"' in page for key in STATEMENTS] == [True] * 7
        assert f'href="{ALL}"' in page

    def test_is_reached_from_the_partnership(self, bob, partnership):
        assert f'href="{OWN}"' in bob.get(partnership.get_absolute_url()).content.decode()

    def test_shows_no_other_partnerships(self, bob, partnership):
        shared(PartnershipFactory(area=partnership.area), text="Elsewhere")
        assert "Elsewhere" not in text_of(bob.get(OWN))


class TestTheExchange:
    def test_shows_text_partnership_area_and_day(self, eve, practice):
        response = eve.get(ALL)
        assert (
            "We are sticking to our agenda We time each item. The chair rings a bell. Strategic Growth Partnership, "
            "Derry City and Strabane. Shared on 6 May 2026." in text_of(response)
        )
        assert 'app-typed" dir="auto">We time each item.\nThe chair rings a bell.</p>' in response.content.decode()

    def test_and_no_score_nor_how_it_was_decided(self, eve, practice, partnership):
        met(partnership, "2026-03-04", (0, 0, 6))
        words = text_of(eve.get(ALL))
        assert [part in words for part in ("1.00", "7.00", "Agreed at the meeting")] == [False] * 3

    def test_statement_by_statement_in_the_order_of_the_slip(self, eve, partnership):
        other = PartnershipFactory(area=AreaFactory(name="Antrim"), name="Board")
        for key in reversed(STATEMENTS):
            shared(partnership, key, f"Growth {key}")
        shared(other, "agenda", "Board agenda")
        words = text_of(eve.get(ALL))
        wanted = [f"Growth {key}" for key in STATEMENTS]
        wanted.insert(1, "Board agenda")
        places = [words.index(text) for text in wanted]
        assert places == sorted(places)
        assert words.count(f"{TEXTS['agenda']} Board agenda") == 1

    def test_of_one_statement(self, eve, partnership):
        shared(partnership, "agenda", "A bell")
        shared(partnership, "frank", "A round of turns")
        words = text_of(eve.get(f"{ALL}?statement=frank"))
        assert ("A round of turns" in words, "A bell" in words) == (True, False)

    def test_says_how_many_there_are_of_each(self, eve, partnership):
        shared(partnership, "agenda")
        shared(partnership, "frank")
        shared(PartnershipFactory(), "frank")
        words = text_of(eve.get(f"{ALL}?statement=frank"))
        assert "All statements (3)" in words
        assert [f"{TEXTS[key]} ({n})" in words for key, n in (("agenda", 1), ("frank", 2), ("charter", 0))] == [
            True
        ] * 3

    def test_a_statement_that_there_is_not_is_told(self, eve, practice):
        response = eve.get(f"{ALL}?statement=weather")
        assert "There is no such statement. Choose one from the list." in text_of(response)
        assert "rings a bell" in text_of(response)

    def test_before_anybody_shares(self, eve):
        words = text_of(eve.get(ALL))
        assert "Nobody has shared anything yet. To share what worked for your own partnership, decide on it" in words
        words = text_of(eve.get(f"{ALL}?statement=agenda"))
        assert "Nobody has shared anything about this statement yet. To share" in words

    def test_a_demonstration_is_marked(self, eve, partnership, practice):
        shared(PartnershipFactory(), text="Elsewhere")
        marked = "Derry City and Strabane. Shared on 6 May 2026. Demonstration "
        assert marked not in text_of(eve.get(ALL))
        partnership.area.is_demonstration = True
        partnership.area.save()
        response = eve.get(ALL)
        assert marked in f"{text_of(response)} "
        assert response.content.decode().count('<strong class="app-tag">') == 1

    def test_hostile_text_stays_text(self, alice, bob, eve):
        share(alice, text="<script>alert(1)</script>", decision="<b>Agreed</b>")
        pages = [eve.get(ALL), bob.get(OWN), alice.get(AGENDA), alice.get(WITHDRAW)]
        assert [b"<script>alert" in each.content or b"<b>Agreed" in each.content for each in pages] == [False] * 4

    def test_25_to_a_page(self, eve):
        for number in range(51):
            shared(PartnershipFactory(area=AreaFactory(name=f"Area {number:02}")), "frank", f"Note {number:02}.")
        shared(PartnershipFactory(), "agenda", "Another")
        pages = [text_of(eve.get(f"{ALL}?statement=frank&page={number}")) for number in (1, 2, 3)]
        found = [[n for n in range(51) if f"Note {n:02}." in page] for page in pages]
        assert found == [list(range(25)), list(range(25, 50)), [50]]
        assert [("Previous page" in page, "Next page" in page) for page in pages] == [
            (False, True),
            (True, True),
            (True, False),
        ]
        assert "Page 2 of 3" in pages[1]

    def test_a_page_keeps_the_statement(self, eve):
        for _each in range(26):
            shared(PartnershipFactory(), "frank")
        assert 'href="?statement=frank&amp;page=2"' in eve.get(f"{ALL}?statement=frank").content.decode()
        assert eve.get(f"{ALL}?page=weather").status_code == 200

    def test_the_same_number_of_queries_for_1_and_for_3_notes(self, eve, django_assert_num_queries):
        for more in (1, 2):
            for _each in range(more):
                shared(PartnershipFactory())
            with django_assert_num_queries(7):
                eve.get(ALL)


class TestWhoReads:
    @pytest.mark.parametrize("who", ["alice", "bob", "carol", "eve"])
    def test_members_and_coordinators_of_every_area(self, as_, practice, who):
        assert "rings a bell" in text_of(as_(who).get(ALL))

    def test_eve_reads_what_is_shared_and_nothing_else(self, eve, practice):
        assert [eve.get(url).status_code for url in (ALL, OWN, "/partnerships/growth/")] == [200, 404, 404]

    def test_nobody_else(self, practice):
        assert signed_in(UserFactory()).get(ALL).status_code == 404
        assert signed_in(UserFactory(is_staff=True)).get(ALL).status_code == 404
        assert Client().get(ALL).status_code == 302

    def test_not_who_has_left(self, cast, practice):
        MemberFactory(user=cast.bob, left_on="2999-01-01")
        cast.bob.memberships.filter(partnership=practice.partnership).update(left_on="2999-01-01")
        assert signed_in(cast.bob).get(ALL).status_code == 404

    def test_a_coordinator_of_an_area_that_asks_for_a_second_step_shows_one_first(self, cast, eve, practice):
        area = Coordinator.objects.get(user=cast.eve).area
        area.requires_second_factor = True
        area.save()
        assert eve.get(ALL).url == reverse("mfa_index")
        CoordinatorFactory(user=cast.eve)
        assert eve.get(ALL).status_code == 200

    def test_it_is_reached_from_the_first_page(self, bob, eve, practice):
        assert [f'href="{ALL}"' in each.get("/").content.decode() for each in (bob, eve)] == [True, True]
        assert f'href="{ALL}"' not in signed_in(UserFactory()).get("/").content.decode()


def test_the_record_says_of_which_statement_and_nothing_that_was_typed(as_, alice, practice):
    alice.post(WITHDRAW)
    words = text_of(as_("carol").get("/areas/derry/record/"))
    assert "shared what worked with all areas (We are sticking to our agenda)" in words
    assert "stopped sharing what worked (We are sticking to our agenda)" in words
    assert "bell" not in words


def test_whoever_is_erased_leaves_the_partnerships_words(alice, cast, practice):
    cast.alice.delete()
    assert Practice.objects.get().text == SAID["text"]


def test_the_address_of_a_practice_shows_it(eve, practice):
    assert practice.get_absolute_url() == f"{reverse('feedback:practices')}?statement=agenda"
    assert "rings a bell" in text_of(eve.get(practice.get_absolute_url()))
