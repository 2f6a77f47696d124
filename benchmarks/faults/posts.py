"""Many at once: identical posts, a stop in the middle, 300 phones from one address."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import quantiles

from django.db import connection

from faults.phones import RECEIPT, Findings, Letter, Writer, all_at_once, load, open_round, send
from faults.site import Site
from feedback.anonymity.phone_keys import hash_of
from feedback.models import Round
from feedback.rounds import lifecycle as scoring

Verdict = tuple[bool, str]


def identical(site: Site, *, rounds: int = 200, posts: int = 50) -> Verdict:
    """The same slip from one phone, many times at the same moment: one slip, and a receipt for each."""
    writer, found, right = Writer(random.Random(1)), Findings(), 0
    round = open_round()
    sent: list[Letter] = []
    for _ in range(rounds):
        first = writer.letter(round, key=load(site, round))
        letters = [Letter(first.key, 1, first.said) for _ in range(posts)]
        all_at_once([partial(send, site, round, letter) for letter in letters])
        receipts = sum(letter.answer == RECEIPT for letter in letters)
        right += receipts == posts and round.slips.filter(key_hash=hash_of(first.key)).count() == 1
        sent += letters
    found.add(round, sent)
    return right == rounds and found.good and found.stored == rounds, f"{right} of {rounds} rounds right; {found}"


def racing_a_stop(site: Site, *, rounds: int = 20, posts: int = 50) -> Verdict:
    """New slips while scoring stops: each is acknowledged and stored, or refused and absent."""
    chance, found, exact = random.Random(2), Findings(), True
    writer = Writer(chance)
    for _ in range(rounds):
        round = open_round()
        letters = [writer.letter(round) for _ in range(posts)]
        answered = threading.Semaphore(0)
        stop = threading.Thread(target=_stop_after, args=[round.pk, answered, chance.randrange(posts)])
        stop.start()
        all_at_once([partial(_send_and_tell, site, round, letter, answered) for letter in letters])
        stop.join()
        found.add(round, letters)
        kept = {hash_of(letter.key) for letter in letters if letter.answer == RECEIPT}
        exact &= kept == {bytes(key_hash) for key_hash in round.slips.values_list("key_hash", flat=True)}
    return exact and found.good and found.answers.keys() == {RECEIPT, "409"}, str(found)


def _send_and_tell(site: Site, round: Round, letter: Letter, answered: threading.Semaphore) -> Letter:
    send(site, round, letter)
    answered.release()
    return letter


def _stop_after(round_id: int, answered: threading.Semaphore, number: int) -> None:
    for _ in range(number):
        answered.acquire()
    scoring.stop_round(round_id=round_id)
    connection.close()


def one_address(site: Site, *, phones: int = 300, seconds: float = 10) -> Verdict:
    """A hall behind one address: every phone loads the form and sends it, within so many seconds."""
    chance, found = random.Random(3), Findings()
    round, writer = open_round(), Writer(chance)
    letters = [writer.letter(round) for _ in range(phones)]
    moments = [chance.uniform(0, seconds) for _ in letters]
    took: list[float] = []
    start = time.monotonic()

    def come(letter: Letter, moment: float) -> None:
        time.sleep(max(0, start + moment - time.monotonic()))
        came = time.monotonic()
        letter.key = load(site, round)
        send(site, round, letter)
        took.append(time.monotonic() - came)

    with ThreadPoolExecutor(phones) as pool:
        list(pool.map(come, letters, moments))
    found.add(round, letters)
    slowest = f"form and post took {quantiles(took, n=20)[-1] * 1000:.0f} ms at the 95th percentile"
    return found.good and found.answers == {RECEIPT: phones} and found.stored == phones, f"{found}; {slowest}"
