"""The poster, on one page whatever stands on it, and the sheet to sign."""

import pytest

from tests.actors.phones import text_of
from tests.charter.conftest import CHARTER, HOSTILE, member, sign
from tests.feedback.rounds.test_printing import DEMONSTRATION, hear, pages, read
from tests.helpers import seeds

pytestmark = pytest.mark.django_db
POSTER, SHEET = f"{CHARTER}poster.pdf", f"{CHARTER}sheet.pdf"
LONG = "Community Planning Steering Group for Health and Wellbeing in the Rural and Urban Neighbourhoods "


class TestThePoster:
    def test_has_the_commitments_the_day_and_the_organisations_and_no_person(self, as_, bob, adopted, partnership):
        sign(bob, "person", "organisation")
        sign(member(partnership, "Mary", "Mary Smith", "residents"), "organisation")
        response = as_("bob").get(POSTER)
        assert response.headers["Content-Disposition"] == 'inline; filename="strategic-growth-partnership-charter.pdf"'
        words = read(response.content)
        assert "Strategic Growth Partnership Our TOGETHER charter Adopted on 4 March 2026" in words
        assert "Adopted by Libraries residents" in words
        for _key, _letter, text in seeds.COMMITMENTS:
            assert text in words
        assert "Bob" not in words
        assert "Mary" not in words

    def test_before_it_is_adopted_claims_nothing(self, as_, bob):
        sign(bob, "organisation")
        words = read(as_("bob").get(POSTER).content)
        assert "Adopted" not in words
        assert "Teamwork" in words

    @pytest.mark.parametrize(("size", "paper"), [("", (210, 297)), ("a3", (297, 420))])
    def test_is_one_page_with_none_and_with_40_long_names(self, as_, adopted, partnership, bob, size, paper):
        assert pages(as_("bob").get(POSTER, {"size": size}).content) == [paper]
        for number in range(40):
            sign(member(partnership, "M", f"{number} {LONG * 3}"[:200].strip()), "organisation")
        pdf = as_("bob").get(POSTER, {"size": size}).content
        assert pages(pdf) == [paper]
        assert read(pdf).count("Community Planning Steering Group") >= 40 * 2
        assert "Source: Community Places" in read(pdf)

    def test_prints_markup_as_it_was_typed(self, as_, bob, adopted):
        bob.organisation.name = HOSTILE
        bob.organisation.save()
        sign(bob, "organisation")
        assert HOSTILE in read(as_("bob").get(POSTER).content)

    def test_outloud_finds_no_error(self, as_, bob, adopted, tmp_path):
        sign(bob, "organisation")
        heard = hear(as_("bob").get(POSTER).content, tmp_path)
        assert "0 error(s), 0 warning(s)" in heard, heard

    def test_of_a_demonstration_says_so(self, as_, bob, partnership):
        partnership.area.is_demonstration = True
        partnership.area.save()
        for path in (POSTER, SHEET):
            assert read(as_("alice").get(path).content).count(DEMONSTRATION) == 1

    def test_costs_the_same_for_1_and_for_3(self, as_, bob, adopted, partnership, django_assert_num_queries):
        client = as_("bob")
        for more in (1, 2):
            for number in range(more):
                sign(member(partnership, f"M{more}{number}", f"B{more}{number}"), "organisation")
            with django_assert_num_queries(6):
                client.get(POSTER)


class TestTheSheet:
    def test_has_the_text_and_lines_for_those_without_an_address_who_have_not_yet(self, as_, bob, una, partnership):
        sign(member(partnership, "Dara", "Sports"), "person", "organisation")
        words = read(as_("alice").get(SHEET).content, "-layout")
        for text in (seeds.DEFINITION, *(t for _k, _l, t in seeds.COMMITMENTS), *seeds.STEPS):
            assert text in words
        assert "Signature Date" in words
        assert "Una Health Trust ☐" in words
        assert words.count("☐") == 2 * 7
        assert "Dara" not in words
        assert "Bob" not in words

    def test_is_not_for_members(self, as_, bob):
        assert as_("bob").get(SHEET).status_code == 403
        assert "A sheet to sign" not in text_of(as_("bob").get(CHARTER))

    def test_outloud_finds_no_error(self, as_, una, cast, tmp_path):
        heard = hear(as_("alice").get(SHEET).content, tmp_path)
        assert "0 error(s), 0 warning(s)" in heard, heard
