"""kill -9 of the whole server while phones are sending."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from faults.phones import NO_ANSWER, RECEIPT, Findings, Letter, Writer, open_round, send
from faults.posts import Verdict
from faults.site import Site
from feedback.models import Round


def killed(site: Site, *, times: int = 100, threads: int = 8) -> Verdict:
    """Every acknowledged slip is there afterwards, and none is partial. One letter in three changes the last."""
    chance, found = random.Random(4), Findings()
    for number in range(times):
        round = open_round()
        alive, dead = threading.Event(), threading.Event()
        with ThreadPoolExecutor(threads) as pool:
            piles = [
                pool.submit(_keep_sending, site, round, Writer(random.Random(1000 * number + n)), alive, dead)
                for n in range(threads)
            ]
            alive.wait(60)
            time.sleep(chance.uniform(0, 0.5))
            site.kill()
            dead.set()
        site.start()
        found.add(round, [letter for pile in piles for letter in pile.result()])
    good = found.good and found.answers.keys() <= {RECEIPT, NO_ANSWER} and found.answers.get(RECEIPT, 0) > times
    return good, f"{times} deaths; {found}"


def _keep_sending(
    site: Site, round: Round, writer: Writer, alive: threading.Event, dead: threading.Event
) -> list[Letter]:
    letters: list[Letter] = []
    while not dead.is_set():
        letter = writer.letter(round)
        if letters and letters[-1].answer == RECEIPT and writer.chance.random() < 1 / 3:
            letter.key, letter.revision = letters[-1].key, letters[-1].revision + 1
        letters.append(send(site, round, letter))
        if letter.answer == RECEIPT:
            alive.set()
    return letters
