"""The faults that the site must survive, on the real server, with their counts.

    benchmarks/faults.py sqlite|pg [--small] [FAULT ...] [--slips N]

One line a fault; fails if one of them failed. What runs is stopped in the end, by its own process group.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["sqlite", "pg"])
    parser.add_argument("only", nargs="*", metavar="fault", help="these alone")
    parser.add_argument("--small", action="store_true", help="a few of each, to see that it works")
    parser.add_argument("--slips", type=int, help="how many the browsers send through the bad network")
    given = parser.parse_intermixed_args()
    with tempfile.TemporaryDirectory(prefix="together-faults-") as name:
        folder = Path(name)
        from faults import site

        site.prepare(given.kind, folder)
        return run(given, folder)


def _on(folder: Path, fault: Callable[..., tuple[bool, str]], **numbers: int) -> tuple[bool, str]:
    from faults.site import Site

    with Site(folder) as site:
        return fault(site, **numbers)


def run(given: argparse.Namespace, folder: Path) -> int:
    from faults import browsers, deaths, posts, storage

    small = given.small
    faults = {
        "identical": lambda: _on(folder, posts.identical, rounds=5 if small else 200),
        "stop": lambda: _on(folder, posts.racing_a_stop, rounds=2 if small else 20),
        "address": lambda: _on(folder, posts.one_address, phones=60 if small else 300, seconds=2 if small else 10),
        "killed": lambda: _on(folder, deaths.killed, times=3 if small else 100),
        "locked": lambda: _on(folder, storage.locked),
        "full": lambda: _on(folder, storage.full),
        "browsers": lambda: _on(folder, browsers.bad_network, slips=given.slips or (24 if small else 2000)),
    }
    failures = 0
    for name in given.only or faults:
        began = time.monotonic()
        good, words = faults[name]()
        failures += not good
        verdict = "ok" if good else "FAILED"
        print(f"{given.kind:6} {name:10} {verdict:6} {words} ({time.monotonic() - began:.0f} s)", flush=True)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
