"""Simulated meetings: people with known answers, and bit by bit what an intruder gets of each meeting."""

from __future__ import annotations

import html
import io
import json
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

from feedback.anonymity.codes import ALPHABET
from feedback.anonymity.phone_keys import hash_of, new_key
from feedback.anonymity.seals import Edit, SlipContent
from feedback.models import Round, Table
from feedback.rounds import comments as reading
from feedback.rounds import lifecycle as scoring
from feedback.slips import paper
from tests.actors.intruder import Loot, Row, Truth
from tests.actors.phones import STATEMENTS, Phone, open_
from tests.factories import MeetingFactory
from tests.helpers.stolen import Disk, dump

WORDS = ["meeting", "agenda", "officers", "residents", "budget", "harbour", "youth", "plan", "late", "again"]
OPTIONS = ["yes", "ni", "no", ""]
PHONES = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "Intruder-bait/1.0 (Kylie's phone)"}


@dataclass
class Person:
    answers: dict[str, str]
    sign: str
    comment: str
    withheld: bool
    blacked_out: bool
    on_paper: bool
    changes: bool  # sends something else first
    key: str = ""

    @property
    def content(self) -> SlipContent:
        return SlipContent(
            {name: answer for name, answer in self.answers.items() if answer},
            {"comment": self.comment} if self.comment else {},
        )


@dataclass
class Held:
    """One simulated meeting: the truth, and bit by bit what the intruder gets."""

    round: Round
    people: list[Person]
    by_front_door: bool
    at_stop: dict[bytes, Row] = field(default_factory=dict)
    backup: dict[bytes, Row] = field(default_factory=dict)
    printed: dict[str, list[str]] = field(default_factory=dict)


def person(seed: random.Random, number: int) -> Person:
    sign = f"matter{number:06d}"
    wrote, withheld, blacked_out = seed.random() < 0.6, seed.random() < 0.15, seed.random() < 0.15
    text = " ".join(seed.choices(WORDS, k=seed.randint(1, 60)))
    return Person(
        answers={name: seed.choices(OPTIONS, [12, 5, 2, 1])[0] for name in STATEMENTS},
        sign=sign if wrote else "",
        comment=f"{sign} {text}" if wrote else "",
        withheld=wrote and withheld,
        blacked_out=wrote and blacked_out and not withheld,
        on_paper=False,
        changes=seed.random() < 0.15,
    )


def hold(partnership, settings, number: int) -> Held:
    """One meeting up to the last moment before collation."""
    seed = random.Random(number)
    people = [person(seed, number * 100 + place) for place in range(seed.randint(5, 12))]
    if number % 5 == 2:
        for late in people[-3:]:
            late.on_paper, late.changes = True, False
    code = "".join(seed.choices(ALPHABET, k=6))
    meeting = MeetingFactory(partnership=partnership, present=20)
    Round.objects.filter(meeting=meeting).update(code=code)
    (settings.SEAL_DIR / f"{code}.key").write_bytes(seed.randbytes(32))
    held = Held(open_(Round.objects.get(meeting=meeting)), people, by_front_door=number % 4 == 0)
    fill_in(held)
    held.at_stop = dump(held.round)
    reading.show_comments(round_id=held.round.pk)
    held.round.refresh_from_db()
    edit(held)
    held.backup = dump(held.round)
    return held


def fill_in(held: Held) -> None:
    phones = [by_phone(held, each) for each in held.people if not each.on_paper]
    for each, phone in phones:
        if each.changes:
            send(held, each, phone, revision=2)
    scoring.stop_round(round_id=held.round.pk)
    held.round.refresh_from_db()
    for each in held.people:
        if each.on_paper:
            on_paper(held, each)


def by_phone(held: Held, each: Person) -> tuple[Person, Phone | None]:
    phone = None
    if held.by_front_door:
        phone = Phone(held.round)
        phone.client.defaults |= PHONES
        phone.load()
        if each is held.people[0]:
            phone.client.get(f"/m/{held.round.code[::-1]}/")  # mistyped: that is logged
        each.key = phone.client.cookies["slip"].value
    else:
        each.key = new_key(held.round.code)
    send(held, each, phone, revision=1)
    return each, phone


def send(held: Held, each: Person, phone: Phone | None, *, revision: int) -> None:
    content = SlipContent({}, {}) if each.changes and revision == 1 else each.content
    if phone:
        answer = phone.load().send(dict(content.answers), content.comments.get("comment", ""), blanks="left")
        assert answer.status_code == 302, answer.content
        return
    scoring.record_slip(
        round_id=held.round.pk,
        code=held.round.code,
        instrument=held.round.instrument,
        key_hash=hash_of(each.key),
        revision=revision,
        content=content,
    )


def on_paper(held: Held, each: Person) -> None:
    each.key = new_key(held.round.code)
    paper.record_paper_slip(round_id=held.round.pk, name=hash_of(each.key), revision=1, content=each.content)


def edit(held: Held) -> None:
    """The minute-taker withholds some comments and blacks out a word of others, one after the other."""
    names = {comment.text: comment.name for comment in reading.comments_of(round=held.round)}
    for each in held.people:
        if each.withheld or each.blacked_out:
            words = (each.comment.split()[1],) if each.blacked_out else ()
            changes = {names[each.comment]: Edit("names_somebody", words)}
            reading.edit_comments(round_id=held.round.pk, changes=changes)


def collate(held: Held, reader: Client, *, with_pdf: bool) -> None:
    """Makes the table, and takes all that is published of it."""
    scoring.collate(round_id=held.round.pk)
    table = Table.objects.get(round=held.round)
    place = [held.round.partnership.slug, held.round.meeting_id]
    page = reader.get(reverse("feedback:table", args=place)).content.decode()
    comments = (table.comments or {})["comment"]
    held.printed["json"] = comments
    items = re.findall(r'<li class="app-typed"><span dir="auto">(.*?)</span>', page)
    held.printed["page"] = [html.unescape(text) for text in items]
    assert sorted(held.printed["page"]) == sorted(comments)
    if with_pdf:
        pdf = reader.get(reverse("feedback:table_pdf", args=place)).content
        words = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        held.printed["pdf"] = sorted(comments, key=lambda text: words.index(text.split()[0]))


def simulate(
    partnership, settings, reader: Client, disk: Disk, log: io.StringIO, *, batches: int, first: int = 0, of: int = 40
) -> Iterator[tuple[Loot, list[Truth]]]:
    """(what the intruder holds, the truth) of each meeting. Files are read once a batch, before and after collation."""
    for batch in range(batches):
        disk.start()
        meetings = [hold(partnership, settings, first + batch * of + place) for place in range(of)]
        before = {f"{name} before": content for name, content in disk.files().items()}
        for place, held in enumerate(meetings):
            collate(held, reader, with_pdf=place == 0)
        after = {f"{name} after": content for name, content in disk.files().items()}
        files = before | after | {"server's log": log.getvalue().encode()}
        for held in meetings:
            yield loot(held, files), truth(held)


def shown(held: Held) -> dict[str, dict[str, int]]:
    return Table.objects.get(round=held.round).tallies or {}


def loot(held: Held, files: dict[str, bytes]) -> Loot:
    rows = [held.backup[hash_of(each.key)] for each in held.people]
    tallies = shown(held).values()
    dealt = [deal(tally, len(rows)) for tally in tallies]
    return Loot(
        rows=rows,
        rewritten=[row != held.at_stop[row.key_hash] for row in rows],
        wrote=[bool(each.comment) for each in held.people],
        printed=held.printed,
        withheld=Table.objects.get(round=held.round).withheld,
        dealt=list(zip(*dealt, strict=True)) or [()] * len(rows),
        files=files,
        said_in_clear=in_clear(held, rows),
    )


def deal(tally: dict[str, int], slips: int) -> list[str]:
    given = [option for option in OPTIONS[:3] for _ in range(tally[option])]
    return given + [""] * (slips - len(given))


def in_clear(held: Held, rows: list[Row]) -> list[tuple[str, ...]]:
    """What can be read off the rows of the backup without the key, if all of it can."""
    if not all(row.sealed.startswith(b"[{") for row in rows):
        return []
    found = [json.JSONDecoder().raw_decode(row.sealed.decode("latin-1"))[0] for row in rows]
    return [tuple(answers.get(name, "") for name in shown(held)) for answers, _comments in found]


def truth(held: Held) -> list[Truth]:
    return [Truth(tuple(each.answers[name] for name in shown(held)), each.sign, each.withheld) for each in held.people]
