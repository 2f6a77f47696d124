"""Charts: one picture for page, print and PDF, that says in a sentence what it shows."""

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.trends.svg import Band, Mark, Point, beside, line, spark

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert("x")</script><g onload=\'y\' style="z">&amp;'
# What a parser of XML takes at all; the rest never gets past a form.
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=40)
values = st.fractions(1, 3)


def drawn(picture: str) -> ET.Element:
    return ET.fromstring(picture)


def marks(picture: str, tag: str, *names: str) -> list[tuple[float, ...]]:
    return [tuple(float(each.attrib[name]) for name in names) for each in drawn(picture).iter(f"{SVG}{tag}")]


def said(picture: str) -> list[str]:
    return [each.text or "" for each in drawn(picture).iter(f"{SVG}text")]


def colours(picture: str) -> set[str]:
    return {each.attrib[name] for each in drawn(picture).iter() for name in ("fill", "stroke") if name in each.attrib}


def pictures(sentence: str) -> list[str]:
    return [
        beside(sentence, members=Fraction(2), ours=3, lowest=1, highest=3),
        beside(sentence, members=None, ours=None, lowest=1, highest=3),
        line(sentence, [Point(sentence, Fraction(14), sentence)] * 2, lowest=7, highest=21),
        line(sentence, [], lowest=7, highest=21),
    ]


class TestEveryPicture:
    @given(sentence=words)
    def test_has_its_sentence_as_its_title_and_is_an_image(self, sentence):
        for picture in pictures(sentence):
            found = drawn(picture)
            assert (found[0].tag, found[0].text or "") == (f"{SVG}title", sentence)
            assert found.attrib["role"] == "img"

    def test_prints_hostile_words_as_words(self):
        for picture in pictures(HOSTILE):
            assert drawn(picture)[0].text == HOSTILE
            assert set(said(picture)) <= {HOSTILE, "7", "21"}

    @pytest.mark.parametrize("picture", pictures(HOSTILE))
    def test_has_neither_style_nor_script_nor_link(self, picture):
        names = {name for each in drawn(picture).iter() for name in each.attrib}
        tags = {each.tag.removeprefix(SVG) for each in drawn(picture).iter()}
        assert [name for name in names if name.startswith("on") or name in {"style", "class", "href", "id"}] == []
        assert tags <= {"svg", "title", "line", "rect", "circle", "text"}

    @pytest.mark.parametrize("picture", pictures("A sentence"))
    def test_stays_within_its_frame(self, picture):
        _x, _y, width, height = map(float, drawn(picture).attrib["viewBox"].split())
        for x, y in marks(picture, "circle", "cx", "cy") + marks(picture, "text", "x", "y"):
            assert 0 <= x <= width
            assert 0 <= y <= height


class TestBeside:
    """On a scale of three: 14 is a No, 100 in the middle, 186 a Yes."""

    def picture(self, members: Fraction | None, ours: int | None) -> str:
        return beside("Both", members=members, ours=ours, lowest=1, highest=3)

    @pytest.mark.parametrize(
        ("average", "place"), [(Fraction(1), 14), (Fraction(2), 100), (Fraction(3), 186), (Fraction(5, 2), 143)]
    )
    def test_the_disc_stands_at_the_members_average(self, average, place):
        assert marks(self.picture(average, None), "circle", "cx", "cy") == [(place, 14)]

    @pytest.mark.parametrize(("answer", "place"), [(1, 14), (2, 100), (3, 186)])
    def test_the_hollow_square_stands_around_the_partnerships_answer(self, answer, place):
        picture = self.picture(None, answer)
        assert marks(picture, "rect", "x", "y", "width", "height") == [(place - 7, 7, 14, 14)]
        assert [each.attrib["fill"] for each in drawn(picture).iter(f"{SVG}rect")] == ["none"]

    def test_a_line_joins_them_where_both_are_known(self):
        joined = [(100.0, 186.0)]
        lines = marks(self.picture(Fraction(2), 3), "line", "x1", "x2")
        assert [each for each in lines if each not in marks(self.picture(None, 3), "line", "x1", "x2")] == joined

    @pytest.mark.parametrize(("members", "ours"), [(None, None), (Fraction(2), None), (None, 2)])
    def test_where_one_is_missing_it_draws_what_there_is(self, members, ours):
        picture = self.picture(members, ours)
        assert len(marks(picture, "circle", "cx")) == (members is not None)
        assert len(marks(picture, "rect", "x")) == (ours is not None)
        assert len(marks(picture, "line", "x1")) == 4

    def test_they_differ_in_shape_and_not_in_colour_alone(self):
        assert {tag for tag in ("circle", "rect") if marks(self.picture(Fraction(2), 2), tag)} == {"circle", "rect"}

    @given(one=values, other=values)
    def test_a_higher_average_never_stands_further_left(self, one, other):
        (here,), (there,) = (marks(self.picture(each, None), "circle", "cx")[0] for each in (one, other))
        assert (here <= there) or one > other

    def test_a_scale_of_five_goes_the_same_way(self):
        picture = beside("Stars", members=Fraction(3), ours=5, lowest=1, highest=5)
        assert marks(picture, "circle", "cx") == [(100,)]
        assert len(marks(picture, "line", "x1")) == 1 + 5 + 1


class TestALine:
    """From 34 to 620 across; 7 at the bottom, 176, and 21 at the top, 16."""

    def picture(self, *totals: int | None) -> str:
        points = [
            Point(f"M{n}", None if total is None else Fraction(total), f"{total}.0") for n, total in enumerate(totals)
        ]
        return line("Totals", points, lowest=7, highest=21)

    def test_each_value_stands_in_its_place(self):
        assert marks(self.picture(7, 14, 21), "circle", "cx", "cy") == [(34, 176), (327, 96), (620, 16)]

    def test_they_are_joined_one_to_the_next(self):
        lines = marks(self.picture(7, 14, 21), "line", "x1", "y1", "x2", "y2")
        assert lines[2:] == [(34, 176, 327, 96), (327, 96, 620, 16)]

    def test_a_missing_value_breaks_the_line(self):
        picture = self.picture(7, None, 21, 14)
        assert len(marks(picture, "circle", "cx")) == 3
        assert len(marks(picture, "line", "x1")) == 2 + 1

    def test_the_first_and_the_last_value_are_said(self):
        assert [each for each in said(self.picture(7, 14, 21)) if "." in each] == ["7.0", "21.0"]
        assert [each for each in said(self.picture(None, 14, None)) if "." in each] == ["14.0"]

    def test_one_meeting_alone_is_a_point(self):
        picture = self.picture(14)
        assert marks(picture, "circle", "cx", "cy") == [(34, 96)]
        assert said(picture).count("M0") == 1

    def test_without_any_value_the_scale_stands_alone(self):
        assert said(line("Nothing", [], lowest=7, highest=21)) == ["7", "21"]
        assert marks(self.picture(None), "circle", "cx") == []

    @given(number=st.integers(1, 60))
    def test_however_many_there_are_at_most_six_are_labelled(self, number):
        labels = [each for each in said(self.picture(*[14] * number)) if each.startswith("M")]
        assert 1 <= len(labels) <= 6
        assert labels[0] == "M0"

    @given(totals=st.lists(st.integers(7, 21), min_size=2, max_size=20))
    def test_higher_totals_stand_higher(self, totals):
        heights = [y for (y,) in marks(self.picture(*totals), "circle", "cy")]
        assert sorted(range(len(totals)), key=lambda n: (-totals[n], n)) == sorted(
            range(len(totals)), key=lambda n: (heights[n], n)
        )

    def test_draws_in_few_colours(self):
        assert colours(self.picture(7, 21)) == {"currentColor", "#1d70b8", "#b1b4b6"}


def heights_of_words(picture: str, words: str) -> list[float]:
    return [float(each.attrib["y"]) for each in drawn(picture).iter(f"{SVG}text") if each.text == words]


class TestWhatIsUsual:
    """Beside the limits there is room for what they are: across from 34 to 574."""

    def picture(self, *values: int, **more) -> str:
        points = [Point(f"M{n}", Fraction(value), f"{value}.0") for n, value in enumerate(values)]
        return line("Totals", points, lowest=7, highest=21, **more)

    def test_is_a_mean_between_two_broken_lines_that_say_their_values(self):
        band = Band(0, 2, (10.5, 14.0, 17.5), ("10.50", "14.00", "17.50"))
        picture = self.picture(14, 14, 14, bands=[band])
        lines = [each for each in drawn(picture).iter(f"{SVG}line") if each.attrib["stroke"] == "currentColor"]
        assert [(each.attrib["y1"], each.attrib.get("stroke-dasharray")) for each in lines] == [
            ("136.0", "6 4"),
            ("96.0", None),
            ("56.0", "6 4"),
        ]
        assert {(each.attrib["x1"], each.attrib["x2"]) for each in lines} == {("34", "574")}
        assert [heights_of_words(picture, words) for words in band.said] == [[140.0], [100.0], [60.0]]

    def test_limits_close_to_each_other_are_told_above_each_other(self):
        picture = self.picture(14, 14, bands=[Band(0, 1, (14.0, 14.0, 14.0), ("a", "b", "c"))])
        assert [heights_of_words(picture, words) for words in "abc"] == [[100.0], [86.0], [72.0]]

    def test_of_two_stretches_the_last_is_told(self):
        bands = [
            Band(0, 1, (8.0, 9.0, 10.0), ("8", "9", "10")),
            Band(2, 3, (15.0, 16.0, 17.0), ("15", "16", "17")),
        ]
        assert set(said(self.picture(9, 9, 16, 16, bands=bands))) >= {"15", "16", "17"}
        assert not set(said(self.picture(9, 9, 16, 16, bands=bands))) & {"8", "9", "10"}

    def test_limits_that_go_beyond_the_scale_end_with_it(self):
        picture = self.picture(14, 14, bands=[Band(0, 1, (0.0, 14.0, 30.0), ("0", "14", "30"))])
        assert [height for (height,) in marks(picture, "line", "y1")][2:5] == [176, 96, 16]

    def test_what_is_special_is_a_triangle_that_points_its_way(self):
        points = [
            Point("M0", Fraction(14), "14", 1),
            Point("M1", Fraction(14), "14", -1),
            Point("M2", Fraction(14), "14"),
        ]
        picture = line("Totals", points, lowest=7, highest=21)
        assert [each.attrib["d"] for each in drawn(picture).iter(f"{SVG}path")] == [
            "M34.0 88.0L41.0 101.0L27.0 101.0Z",
            "M327.0 104.0L334.0 91.0L320.0 91.0Z",
        ]
        assert len(marks(picture, "circle", "cx")) == 1

    def test_what_is_known_in_another_way_is_a_ring(self):
        picture = line("Totals", [Point("M0", Fraction(14), "14", is_ring=True)], lowest=7, highest=21)
        (ring,) = drawn(picture).iter(f"{SVG}circle")
        assert (ring.attrib["fill"], ring.attrib["stroke"]) == ("#fff", "#1d70b8")

    def test_many_points_are_smaller(self):
        radii = [marks(self.picture(*[14] * number), "circle", "r")[0] for number in (40, 41)]
        assert radii == [(4.5,), (3.15,)]

    def test_a_letter_stands_before_the_point_from_which_something_was_different(self):
        picture = self.picture(14, 14, 14, marks=[Mark(2, "A")])
        assert marks(picture, "line", "x1", "y1", "x2", "y2")[2] == (473.5, 16, 473.5, 176)
        assert heights_of_words(picture, "A") == [12.0]

    def test_a_year_is_set_apart_by_a_shade(self):
        assert marks(self.picture(14, 14, 14, shaded=(1, 2)), "rect", "x", "width", "y", "height") == [
            (180.5, 439.5, 16, 160)
        ]

    def test_the_ends_are_told_where_the_line_does_not_go(self):
        picture = self.picture(10, 14, 12)
        assert heights_of_words(picture, "10.0") == [161.7]
        assert heights_of_words(picture, "12.0") == [138.9]
        assert heights_of_words(self.picture(21, 7), "21.0") == [36.0]
        assert heights_of_words(self.picture(7, 21), "7.0") == [166.0]


class TestASmallChart:
    """From 5 to 79 across, 5 to 23 up."""

    def picture(self, *values: int | None) -> str:
        return spark("Ups and downs", [None if v is None else Fraction(v) for v in values], lowest=1, highest=3)

    def test_is_a_line_that_ends_with_a_disc(self):
        assert marks(self.picture(1, 2, 3), "line", "x1", "y1", "x2", "y2")[2:] == [(5, 23, 42, 14), (42, 14, 79, 5)]
        assert marks(self.picture(1, 2, 3), "circle", "cx", "cy") == [(79, 5)]

    def test_a_value_between_two_missing_ones_is_a_disc(self):
        assert marks(self.picture(1, None, 3, None, 2, 2), "circle", "cx") == [(5,), (34.6,), (79,)]

    def test_without_values_there_is_its_frame(self):
        assert len(marks(self.picture(None), "line", "x1")) == 2
        assert marks(self.picture(None), "circle", "cx") == []
