"""Trends as history and neighbours grow: queries, times and their ratios, and how the database finds the rows.

    benchmarks/trends.py                 SQLite: one area of 141 partnerships, one year of history beside ten
    benchmarks/trends.py --postgresql    the same on PostgreSQL, and ten years of a hundred such areas beside one

Each database is made anew, filled by `manage.py simulate`, and dropped at the end. The pages are asked for in turns, so
that a slow moment of the machine is nobody's alone. The hundred areas take about a quarter of an hour.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
SERVER = "postgresql://postgres@127.0.0.1:5432"
PAGES = {"area": "/areas/simulated-1/trends/", "partnership": "/partnerships/group-1-1/trends/"}
TURNS, TIMES = 5, 9


def environment(name: str, folder: str, on_postgresql: bool) -> dict[str, str]:
    own = Path(folder) / name
    own.mkdir()
    database = {"DATABASE_URL": f"{SERVER}/together_{name}"} if on_postgresql else {}
    return {**os.environ, "DATA_DIR": str(own), "DEBUG": "1", **database}


def manage(env: dict[str, str], *words: str) -> float:
    """Seconds it took."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", *words], cwd=HOME, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def on_server(sql: str) -> None:
    import psycopg

    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(sql)


def compare(sizes: dict[str, tuple[int, int]], on_postgresql: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workers = {}
        for name, (partnerships, years) in sizes.items():
            env = environment(name, folder, on_postgresql)
            if on_postgresql:
                on_server(f"DROP DATABASE IF EXISTS together_{name}")
                on_server(f"CREATE DATABASE together_{name}")
            manage(env, "migrate", "--verbosity", "0")
            took = manage(env, "simulate", "--partnerships", str(partnerships), "--years", str(years))
            print(f"{name}: {partnerships} partnerships, {years} years, simulated in {took:.1f} s", flush=True)
            workers[name] = subprocess.Popen(
                [sys.executable, __file__, "--worker"],
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        try:
            report(workers)
        finally:
            for worker in workers.values():
                worker.communicate("stop\n")
            for name in workers if on_postgresql else ():
                on_server(f"DROP DATABASE together_{name}")


def report(workers: dict[str, subprocess.Popen]) -> None:
    found: dict[str, list[dict]] = {name: [] for name in workers}
    for turn in range(TURNS):
        for name, worker in workers.items():
            print("explain" if turn == TURNS - 1 else "go", file=worker.stdin, flush=True)
            found[name].append(json.loads(worker.stdout.readline()))
    first, *others = workers
    for page in PAGES:
        medians = {name: min(each[page]["ms"] for each in turns) for name, turns in found.items()}
        for name, turns in found.items():
            ratio = f", ratio to {first} {medians[name] / medians[first]:.2f}" if name != first else ""
            print(f"{page}, {name}: {turns[0][page]['queries']} queries, {medians[name]:.0f} ms{ratio}")
    for line in found[others[-1] if others else first][-1]["plan"]:
        print("   ", line)


def work() -> None:
    """Answers each line with the times of all pages."""
    sys.path.insert(0, str(HOME))
    os.environ["DJANGO_SETTINGS_MODULE"] = "coprod.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from partnerships.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(email="simulation@example.org"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    settings.DEBUG = False
    for line in sys.stdin:
        if line.strip() == "stop":
            return
        answer: dict = {}
        for page, url in PAGES.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            asked = list(queries.captured_queries)
            if page == "area" and line.strip() == "explain":
                answer["plan"] = plan(connection, max(asked, key=lambda each: float(each["time"]))["sql"])
            answer[page] = {"queries": len(asked), "ms": statistics.median(timed(client, url) for _ in range(TIMES))}
        print(json.dumps(answer), flush=True)


def timed(client, url: str) -> float:
    start = time.perf_counter()
    client.get(url)
    return (time.perf_counter() - start) * 1000


def plan(connection, sql: str) -> list[str]:
    how = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql}")
        return [str(row[-1]) for row in cursor.fetchall()]


if "--worker" in sys.argv:
    work()
elif "--postgresql" in sys.argv:
    compare({"one_year": (141, 1), "ten_years": (141, 10)}, on_postgresql=True)
    compare({"one_area": (141, 10), "hundred_areas": (14100, 10)}, on_postgresql=True)
else:
    compare({"one_year": (141, 1), "ten_years": (141, 10)}, on_postgresql=False)
