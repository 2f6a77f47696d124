"""After collation nobody can tell who said what: an intruder with everything but the key does no better than guessing.

Out of his reach: the server's own memory, and the key folder while it holds the round's key (docs/adr/0010).
"""

from __future__ import annotations

import io
import json
import logging
import random
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from itertools import count, permutations
from statistics import mean, pvariance

import pytest
from django.db import connection
from django.db.models import Model

from feedback.anonymity import seals
from feedback.anonymity.phone_keys import hash_of
from feedback.anonymity.randomness import chance
from feedback.anonymity.seals import Edit, Seal, SlipContent
from feedback.models import SingleUseCode, Slip
from feedback.rounds import comments as reading
from feedback.rounds import lifecycle as scoring
from feedback.scores.instruments import MEETING_FEEDBACK
from tests.actors.intruder import break_in, by_guessing
from tests.actors.phones import Phone, open_
from tests.helpers.simulated import PHONES, hold, simulate
from tests.helpers.stolen import Disk, dump

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seeded(monkeypatch) -> random.Random:
    """All chance of the site out of one seed, so that each build tries the same 200 meetings."""
    source = random.Random(20261122)
    monkeypatch.setattr(chance, "getrandbits", source.getrandbits)
    monkeypatch.setattr("secrets.token_bytes", source.randbytes)
    return source


@pytest.fixture
def server_log() -> Iterator[io.StringIO]:
    """What the site writes into its log, in the form in which it writes it."""
    handler = logging.getLogger("together").handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(before)


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk()
    disk.tidy_itself(False)
    disk.start()
    yield disk
    disk.let_go()
    disk.tidy_itself(True)


def unlike_guessing(scores) -> dict[str, str]:
    return {
        name: f"{score.hits} hits, guessing {score.mean:.1f}, {score.standard_errors:+.1f} standard errors"
        for name, score in scores.items()
        if abs(score.standard_errors) > 3
    }


def test_after_collation_the_intruder_does_no_better_than_guessing(
    seeded, partnership, as_, settings, disk, server_log
):
    meetings = list(simulate(partnership, settings, as_("alice"), disk, server_log, batches=5))
    scores = break_in(meetings)
    assert len(meetings) == 200
    assert unlike_guessing(scores) == {}
    assert all(score.mean > 5 for score in scores.values())


def as_they_lie(monkeypatch) -> None:
    """Comments are printed in the order in which the slips lie."""
    monkeypatch.setattr(chance, "shuffle", lambda texts: None)


def counted(monkeypatch) -> None:
    """Ids count up, and comments are printed as the slips lie."""
    as_they_lie(monkeypatch)
    monkeypatch.setattr(scoring, "random_id", count(1).__next__)


def unsealed(monkeypatch) -> None:
    """What is sealed stands beside it in clear."""
    seal, unseal = Seal.close, Seal.open
    length = seals._longest(MEETING_FEEDBACK) + 28

    def close(self: Seal, content: SlipContent) -> bytes:
        return json.dumps([dict(content.answers), dict(content.comments)]).encode() + seal(self, content)

    monkeypatch.setattr(Seal, "close", close)
    monkeypatch.setattr(Seal, "open", lambda self, sealed: unseal(self, bytes(sealed)[-length:]))


def unpadded(monkeypatch) -> None:
    """A sealed slip is as long as what it says."""
    monkeypatch.setattr(seals, "_longest", lambda instrument: 0)


@pytest.mark.parametrize(
    ("leak", "found_by"),
    [
        (as_they_lie, {"wrote: ids / json"}),
        (counted, {"wrote: as they came / json", "wrote: ids / json"}),
        pytest.param(
            unsealed,
            {"wrote: as they came / found in log before", "answered: as they came / read in clear"},
            marks=pytest.mark.xdist_group("slips in clear"),
        ),
        (unpadded, {"wrote: sealed lengths / shortest first"}),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_site_that_leaks_is_found_out(
    leak, found_by, monkeypatch, seeded, partnership, as_, settings, disk, server_log
):
    leak(monkeypatch)
    scores = break_in(
        list(simulate(partnership, settings, as_("alice"), disk, server_log, batches=1, first=1000, of=24))
    )
    assert found_by <= unlike_guessing(scores).keys()
    assert all(scores[name].hits > 1.5 * scores[name].mean for name in found_by if name.startswith("wrote"))


def test_guessing_is_computed_as_it_comes_out_over_all_assignments():
    matrix = [[2, 0, 1], [0, 0, 1], [3, 1, 0]]
    outcomes = [sum(matrix[i][j] for i, j in enumerate(order)) for order in permutations(range(3))]
    assert by_guessing(matrix) == pytest.approx((mean(outcomes), pvariance(outcomes)))
    assert by_guessing([[1]]) == (1, 0)
    assert by_guessing([]) == (0, 0)


def columns(model: type[Model]) -> set[str]:
    """What the database really has, whatever the model says."""
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)}


def test_a_slip_has_no_column_for_who_from_where_or_when():
    assert columns(Slip) == {"id", "round_id", "key_hash", "revision", "sealed", "on_paper"}
    assert columns(SingleUseCode) == {"id", "round_id", "code_hash"}


@pytest.mark.xdist_group("slips in clear")
def test_before_collation_no_answer_no_key_and_no_phone_lies_anywhere_in_clear(round, as_, settings, disk, server_log):
    open_(round)
    phone = Phone(round)
    phone.client = as_("bob")  # signed in as it happens
    phone.client.defaults |= PHONES
    phone.load().send({"together": "yes", "agenda": "ni"}, "The bridge, says Kylie", blanks="left")
    phone.load().send({"together": "no", "agenda": "ni"}, "The bridge, says Kylie!", blanks="left")
    phone.load().send({"together": "wrong"})
    phone.client.get(f"/m/{round.code[::-1]}/")
    key = phone.client.cookies["slip"].value
    clear = {
        "comment": b"says Kylie",
        "key": key.encode(),
        "the key's random part": urlsafe_b64decode(key)[:16],
        "the round's key": (settings.SEAL_DIR / f"{round.code}.key").read_bytes(),
        "address": PHONES["REMOTE_ADDR"].encode(),
        "browser": b"Intruder-bait",
    }
    files = disk.files() | {"server's log": server_log.getvalue().encode()}
    assert hash_of(key) in files["log"]  # so this is where slips lie
    assert [(name, where) for name, words in clear.items() for where, all in files.items() if words in all] == []
    assert [where for where, all in files.items() if re.search(rb"together\W{1,4}(yes|ni|no)\b", all)] == []
    assert "Not Found: /m/<code>" in files["server's log"].decode()


def test_all_slips_are_written_anew_when_a_comment_is_edited(partnership, settings):
    held = hold(partnership, settings, 0)
    before = dump(held.round)
    name = next(comment.name for comment in reading.comments_of(round=held.round) if comment.edit is None)
    reading.edit_comments(round_id=held.round.pk, changes={name: Edit("names_somebody")})
    assert {key: row.sealed for key, row in before.items()}.items().isdisjoint(
        {key: row.sealed for key, row in dump(held.round).items()}.items()
    )
