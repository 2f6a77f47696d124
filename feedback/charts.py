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


@dataclass(frozen=True)
class Point:
    """One meeting or year on a line: what stands below it, and its value; None where there is none to show."""

    label: str
    value: Fraction | None
    # The value as it is rounded elsewhere.
    said: str


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


def line(sentence: str, points: Sequence[Point], *, lowest: int, highest: int) -> str:
    """A line of values, each with its own label, on a scale from `lowest` to `highest`; where a value is missing, the
    line is broken."""
    width, height, left, right, top, bottom = 640, 220, 34, 620, 16, 176
    step = (right - left) / max(1, len(points) - 1)

    def at(number: int, value: Fraction) -> tuple[float, float]:
        share = float(value - lowest) / (highest - lowest)
        return round(left + number * step, 1), round(bottom - share * (bottom - top), 1)

    parts = [_line(left, bottom, right, bottom, FAINT), _line(left, top, right, top, FAINT)]
    parts += [_text(left - 6, y + 4, str(n), "end") for n, y in ((lowest, bottom), (highest, top))]
    known = [(number, *at(number, each.value)) for number, each in enumerate(points) if each.value is not None]
    for (number, x, y), (following, next_x, next_y) in pairwise(known):
        if following == number + 1:
            parts.append(_line(x, y, next_x, next_y, MEMBERS, width=2))
    parts += [f'<circle cx="{x}" cy="{y}" r="4.5" fill="{MEMBERS}"/>' for _n, x, y in known]
    for number, x, y in dict.fromkeys([known[0], known[-1]]) if known else ():
        parts.append(_text(x, y - 10, points[number].said, "middle"))
    every = -(-len(points) // 8)
    for number, each in enumerate(points):
        x = round(left + number * step, 1)
        if number % every == 0:
            anchor = "start" if number == 0 else "end" if number == len(points) - 1 else "middle"
            parts.append(_text(x if anchor != "start" else left, bottom + 20, each.label, anchor))
    return _svg(width, height - 20, sentence, parts)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, width: int = 1) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" {_FONT} font-size="13" fill="{INK}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(width: int, height: int, sentence: str, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    return f"{head}<title>{escape(sentence)}</title>{''.join(parts)}</svg>"
