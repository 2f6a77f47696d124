"""For everybody: the text, a published adoption, the self-check. No sign-in, and nothing is kept."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from charter import deciding
from charter.models import PartnershipAdoption
from coprod.logs import RouteOnly
from partnerships.models import Session
from tests.actors.phones import text_of
from tests.charter.conftest import CHARTER, HOSTILE, member, sign
from tests.helpers import seeds

pytestmark = pytest.mark.django_db
CHECK = "/charter/self-check/"


@pytest.fixture
def published(adopted, partnership, cast) -> PartnershipAdoption:
    deciding.publish(partnership=partnership, by=cast.alice)
    adopted.refresh_from_db()
    return adopted


class TestTheText:
    def test_has_all_of_it_and_leads_to_the_self_check(self):
        response = Client().get(reverse("charter:public"))
        page = text_of(response)
        for text in (seeds.DEFINITION, *(t for _k, _l, t in seeds.COMMITMENTS), *seeds.STEPS, *seeds.PRINCIPLES):
            assert text in page
        assert f'href="{CHECK}"' in response.content.decode()

    def test_a_screen_reader_hears_words_and_no_single_letters(self):
        page = Client().get("/charter/").content.decode()
        assert page.count('<span class="app-together__letter" aria-hidden="true">') == 8
        assert "<span>Teamwork when developing" in page

    def test_is_one_click_from_every_page(self, as_, cast):
        for client, path in ((Client(), "/privacy/"), (as_("bob"), "/partnerships/growth/")):
            assert b'href="/charter/">The charter</a>' in client.get(path).content


class TestAPublishedAdoption:
    def test_names_the_partnership_the_day_the_decision_and_organisations(self, published, bob, una):
        sign(bob, "organisation")
        response = Client().get(reverse("charter:public", args=[published.token]))
        page = text_of(response)
        assert "Strategic Growth Partnership This partnership adopted the charter on 4 March 2026." in page
        assert "What was decided Agreed. At the meeting of 4 March 2026." in page
        assert "Who has adopted it in this partnership Libraries Source:" in page
        assert "Health Trust" not in page

    def test_names_no_person_and_calls_residents_residents(self, published, bob, partnership):
        for name in ("Mary Smith", "John Jones"):
            sign(member(partnership, name, f"{name} herself", "residents"), "organisation", "person")
        sign(bob, "organisation", "person")
        page = text_of(Client().get(published.public_address))
        assert "in this partnership Libraries residents Source:" in page
        for name in ("Mary", "John", "Bob", "Alice"):
            assert name not in page

    def test_says_where_only_the_partnership_has(self, published):
        page = text_of(Client().get(published.public_address))
        assert "No organisation yet, beside the partnership as a whole." in page

    def test_without_a_meeting(self, published):
        PartnershipAdoption.objects.update(meeting=None)
        assert "At the meeting of" not in text_of(Client().get(published.public_address))

    def test_is_not_found_before_it_is_published_nor_under_another_token(self, adopted):
        unknown = Client().get(f"/charter/{'x' * 32}/")
        assert unknown.status_code == 404
        assert unknown.content == Client().get("/m-no-such-page/").content
        assert adopted.public_address == ""

    def test_of_an_earlier_wording_shows_that_wording(self, published, bob, second_wording):
        sign(bob, "organisation")
        page = text_of(Client().get(published.public_address))
        assert "It adopted an earlier wording, which stands below." in page
        assert "in this partnership Libraries Source:" in page

    def test_shows_markup_as_it_was_typed(self, published, bob):
        PartnershipAdoption.objects.update(decision=HOSTILE)
        bob.organisation.name = HOSTILE
        bob.organisation.save()
        sign(bob, "organisation")
        page = Client().get(published.public_address).content.decode()
        assert page.count("&lt;script&gt;") == 2
        assert HOSTILE not in page

    def test_costs_the_same_for_1_and_for_40(self, published, partnership, django_assert_num_queries):
        for number in range(40):
            if number in {1, 39}:
                with django_assert_num_queries(7):
                    Client().get(published.public_address)
            sign(member(partnership, f"M{number}", f"Body {number}"), "organisation", "person")


class TestTheSelfCheck:
    def test_asks_the_twelve_steps(self):
        page = text_of(Client().get(CHECK))
        for number, step in enumerate(seeds.STEPS, 1):
            assert f"{number}. {step} Yes Not yet" in page

    def test_says_what_to_do_about_those_not_ticked(self):
        yes = {f"step-{number}": "yes" for number in range(1, 13)}
        page = text_of(Client().post(CHECK, yes | {"step-2": "not_yet", "step-6": ""}))
        assert "Go through what you will present and write each abbreviation out. Step 2: Present" in page
        assert "When something is decided, ask who does it and by when, before the next item begins. Step 6:" in page
        assert page.count("Step ") == 2

    def test_praises_whoever_has_taken_all(self):
        page = text_of(Client().post(CHECK, {f"step-{number}": "yes" for number in range(1, 13)}))
        assert "All twelve steps: you are well prepared." in page

    def test_takes_nothing_and_nonsense_as_not_yet(self):
        for form in ({}, {"step-1": HOSTILE, "step-99": "yes"}):
            page = Client().post(CHECK, form)
            assert page.status_code == 200
            assert text_of(page).count("Step ") == 12
            assert HOSTILE not in page.content.decode()

    def test_needs_no_token_sets_no_cookie_and_keeps_nothing(self, django_assert_num_queries):
        client = Client(enforce_csrf_checks=True)
        with django_assert_num_queries(0):
            client.get(CHECK)
            response = client.post(CHECK, {"step-1": "yes"})
        assert response.status_code == 200
        assert not client.cookies
        assert Session.objects.count() == 0
        assert "no-store" in response.headers["Cache-Control"]

    def test_is_not_in_the_log(self):
        said = '"POST /charter/self-check/ HTTP/1.1" 200'
        record = logging.LogRecord("django.server", logging.INFO, "", 0, said, (), None)
        RouteOnly().filter(record)
        assert record.getMessage() == '"POST /charter/<code> HTTP/1.1" 200'

    def test_is_offered_before_a_meeting_and_not_after_it(self, as_, cast, meeting):
        assert CHECK not in as_("bob").get(meeting.get_absolute_url()).content.decode()
        meeting.date = "2026-03-06"
        meeting.save()
        assert CHECK in as_("bob").get(meeting.get_absolute_url()).content.decode()
        assert CHECK in as_("bob").get(CHARTER).content.decode()
