"""Charts as SVG: the same picture on a page, printed and in a PDF, without style or script. Imports no Django.

Shapes and words tell the lines apart, never colour alone. Each has a sentence as its title; the figures stand in a
table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from itertools import pairwise

INK, MEMBERS, OURS, FAINT = "currentColor", "#1d70b8", "#942514", "#b1b4b6"
_FONT = 'font-family="Liberation Sans, Arial, sans-serif"'


# The picture of a line: its size, and the frame within which points lie; beside it there is room for words.
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 200, 34, 620, 16, 176
_ROOM_FOR_LIMITS = 46
# More points than these are drawn smaller; no more labels than these find room below.
_FEW, _LABELS = 40, 6


@dataclass(frozen=True)
class Point:
    """One meeting or year on a line: what stands below it, and its value; None where there is none to show."""

    label: str
    value: Fraction | None
    # The value as it is rounded elsewhere.
    said: str
    # 1 or -1: it is no usual up or down, and goes this way.
    direction: int = 0
    # Drawn as a ring: known in another way than the others.
    is_ring: bool = False


@dataclass(frozen=True)
class Band:
    """What is usual for the points from `first` to `last`: lower limit, mean, upper limit, and how they are told."""

    first: int
    last: int
    values: tuple[float, float, float]
    said: tuple[str, str, str]


@dataclass(frozen=True)
class Mark:
    """A letter between two points: before the one at this place something was different."""

    before: int
    letter: str


def beside(sentence: str, *, members: Fraction | None, ours: int | None, lowest: int, highest: int) -> str:
    """Two marks on one scale: a filled disc for the members' average, a hollow square for the partnership's answer."""
    left, right, middle = 14, 186, 14

    def place(value: Fraction | int) -> float:
        return round(left + float(value - lowest) / (highest - lowest) * (right - left), 2)

    parts = [_line(left, middle, right, middle, FAINT)]
    parts += [_line(place(n), middle - 5, place(n), middle + 5, FAINT) for n in range(lowest, highest + 1)]
    if members is not None and ours is not None:
        parts.append(_line(place(members), middle, place(ours), middle, INK, width=2))
    if ours is not None:
        x = place(ours)
        square = f'x="{x - 7}" y="{middle - 7}" width="14" height="14"'
        parts.append(f'<rect {square} fill="none" stroke="{OURS}" stroke-width="2.5"/>')
    if members is not None:
        parts.append(f'<circle cx="{place(members)}" cy="{middle}" r="5.5" fill="{MEMBERS}"/>')
    return _svg(200, 28, sentence, parts)


def line(
    sentence: str,
    points: Sequence[Point],
    *,
    lowest: Fraction | int,
    highest: Fraction | int,
    bands: Sequence[Band] = (),
    marks: Sequence[Mark] = (),
    shaded: tuple[int, int] | None = None,
) -> str:
    """A line of values, each with its own label, on a scale from `lowest` to `highest`; where a value is missing, the
    line is broken. `bands` draws limits, `marks` letters, `shaded` sets the points from the first to the last of
    two places apart."""
    frame = _Frame(len(points), lowest, highest, _RIGHT - (_ROOM_FOR_LIMITS if bands else 0))
    parts = [frame.shade(*shaded)] if shaded else []
    parts += [_line(_LEFT, y, frame.right, y, FAINT) for y in (_BOTTOM, _TOP)]
    parts += [_text(_LEFT - 6, y + 4, f"{float(n):g}", "end") for n, y in ((lowest, _BOTTOM), (highest, _TOP))]
    for band in bands:
        parts += frame.band(band, is_last=band is bands[-1])
    for mark in marks:
        x = frame.across(mark.before - 0.5)
        parts += [_line(x, _TOP, x, _BOTTOM, INK, dashes="2 4"), _text(x, _TOP - 4, mark.letter, "middle")]
    known = [(n, frame.across(n), frame.up(each.value)) for n, each in enumerate(points) if each.value is not None]
    for (number, x, y), (following, next_x, next_y) in pairwise(known):
        if following == number + 1:
            parts.append(_line(x, y, next_x, next_y, MEMBERS, width=2))
    size = 1.0 if len(points) <= _FEW else 0.7
    parts += [_dot(x, y, size, points[number]) for number, x, y in known]
    ends = ((known[0], known[1:2], "start"), (known[-1], known[-2:-1], "end")) if len(known) > 1 else ()
    for (number, x, y), beside, anchor in ends or [(each, [], "start") for each in known]:
        # On the side to which the line does not go on.
        is_below = y < _TOP + 10 or (y < _BOTTOM - 24 and any(other < y for _number, _x, other in beside))
        parts.append(_text(x, y + 20 if is_below else y - 10, points[number].said, anchor))
    parts += frame.labels(points)
    return _svg(_WIDTH, _HEIGHT, sentence, parts)


def spark(sentence: str, values: Sequence[Fraction | None], *, lowest: Fraction | int, highest: Fraction | int) -> str:
    """A line without words for a row of a table that says its figures."""
    width, height, edge = 84, 28, 5
    step = (width - 2 * edge) / max(1, len(values) - 1)

    def at(number: int, value: Fraction) -> tuple[float, float]:
        share = float(value - lowest) / (highest - lowest)
        return round(edge + number * step, 1), round(height - edge - share * (height - 2 * edge), 1)

    known = [(number, *at(number, value)) for number, value in enumerate(values) if value is not None]
    parts = [_line(edge, y, width - edge, y, FAINT) for y in (edge, height - edge)]
    for (number, x, y), (following, next_x, next_y) in pairwise(known):
        if following == number + 1:
            parts.append(_line(x, y, next_x, next_y, MEMBERS, width=1.5))
    alone = [place for place, (number, _x, _y) in enumerate(known) if _is_alone(number, known)]
    shown = dict.fromkeys([*alone, len(known) - 1]) if known else ()
    parts += [f'<circle cx="{known[place][1]}" cy="{known[place][2]}" r="3" fill="{MEMBERS}"/>' for place in shown]
    return _svg(width, height, sentence, parts)


@dataclass(frozen=True)
class _Frame:
    """Where things lie in the picture of a line."""

    number: int
    lowest: Fraction | int
    highest: Fraction | int
    right: float

    def across(self, place: float) -> float:
        step = (self.right - _LEFT) / max(1, self.number - 1)
        return round(min(max(_LEFT + place * step, _LEFT), self.right), 1)

    def up(self, value: Fraction | float) -> float:
        """No further than the scale goes."""
        share = float(value - self.lowest) / (self.highest - self.lowest)
        return round(_BOTTOM - min(max(share, 0.0), 1.0) * (_BOTTOM - _TOP), 1)

    def shade(self, first: int, last: int) -> str:
        left, right = self.across(first - 0.5), self.across(last + 0.5)
        size = f'width="{round(right - left, 1)}" height="{_BOTTOM - _TOP}"'
        return f'<rect x="{left}" y="{_TOP}" {size} fill="{FAINT}" fill-opacity="0.3"/>'

    def band(self, band: Band, *, is_last: bool) -> list[str]:
        """Three lines; those of the last one are told at their end, from the lowest up, none on top of another."""
        left, right = self.across(band.first - 0.5), self.across(band.last + 0.5)
        heights = [self.up(value) for value in band.values]
        parts = [_line(left, y, right, y, INK, dashes=way) for y, way in zip(heights, ("6 4", "", "6 4"), strict=True)]
        below = _BOTTOM + 26.0
        for y, words in zip(heights, band.said, strict=True) if is_last else ():
            below = min(y + 4, below - 14)
            parts.append(_text(right + 8, round(below, 1), words, "start"))
        return parts

    def labels(self, points: Sequence[Point]) -> list[str]:
        """What stands below, as often as there is room."""
        every, last, parts = -(-len(points) // _LABELS), len(points) - 1, []
        for number in range(0, len(points), every or 1):
            anchor = "start" if number == 0 else "end" if number == last else "middle"
            parts.append(_text(self.across(number), _BOTTOM + 20, points[number].label, anchor))
        return parts


def _is_alone(number: int, known: Sequence[tuple[int, float, float]]) -> bool:
    return not any(abs(number - other) == 1 for other, _x, _y in known)


def _dot(x: float, y: float, size: float, point: Point) -> str:
    """A disc or a ring; what is special points the way it goes."""
    if point.direction:
        tip, foot = (round(y + part * size * point.direction, 1) for part in (-8, 5))
        left, right = (round(x + part * size, 1) for part in (-7, 7))
        inside = f'fill="#fff" stroke="{INK}" stroke-width="1.5"' if point.is_ring else f'fill="{INK}"'
        return f'<path d="M{x} {tip}L{right} {foot}L{left} {foot}Z" {inside}/>'
    if point.is_ring:
        return f'<circle cx="{x}" cy="{y}" r="{4 * size:g}" fill="#fff" stroke="{MEMBERS}" stroke-width="2"/>'
    return f'<circle cx="{x}" cy="{y}" r="{4.5 * size:g}" fill="{MEMBERS}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1, dashes: str = "") -> str:
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"{broken}/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" {_FONT} font-size="13" fill="{INK}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(width: int, height: int, sentence: str, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    return f"{head}<title>{escape(sentence)}</title>{''.join(parts)}</svg>"
