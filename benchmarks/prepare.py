"""Fills an empty database for the benchmarks and writes the load generator's profiles.

    prepare.py OUT [BALLAST]

BALLAST slips lie in open rounds of other meetings, 100 a round, beside the one that is scored.
"""

import datetime
import json
import os
import random
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod.settings")
django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.urls import reverse  # noqa: E402

from feedback import scoring  # noqa: E402
from feedback.instruments import MEETING_FEEDBACK  # noqa: E402
from feedback.keys import hash_of, new_key  # noqa: E402
from feedback.models import Round, Slip  # noqa: E402
from feedback.seals import SlipContent  # noqa: E402
from partnerships.models import Area, Coordinator, Meeting, Partnership, User  # noqa: E402

COMMENT = "We could meet more often, and share the plan earlier."
BASE = "http://127.0.0.1:8202"


def content(chance: random.Random) -> SlipContent:
    options = [option.key for option in MEETING_FEEDBACK.scale]
    return SlipContent({s.key: chance.choice(options) for s in MEETING_FEEDBACK.statements}, {"comment": COMMENT})


def fill(round: Round, slips: int) -> None:
    chance, seal = random.Random(1), round.seal()
    Slip.objects.bulk_create(
        [
            Slip(round=round, key_hash=hash_of(new_key(round.code)), revision=1, sealed=seal.close(content(chance)))
            for _ in range(slips)
        ],
        batch_size=500,
    )


def meeting(partnership: Partnership, day: int) -> Round:
    held = Meeting.objects.create(
        partnership=partnership, date=datetime.date(2026, 1, 1) + datetime.timedelta(day), venue="Hall", present=100
    )
    scoring.open_round(round_id=held.round.pk)
    return Round.objects.get(meeting=held)


def main(out: Path, ballast: int) -> None:
    area = Area.objects.create(name="Benchmark", slug="benchmark")
    partnership = Partnership.objects.create(area=area, name="Benchmark board", slug="board", kind="board")
    user = User.objects.create_user("bench@example.org")
    Coordinator.objects.create(area=area, user=user)
    for day in range(2):  # a table, and one before it
        collated = meeting(partnership, day)
        fill(collated, 100)
        scoring.stop_round(round_id=collated.pk)
        scoring.show_comments(round_id=collated.pk)
        scoring.collate(round_id=collated.pk)
    for day in range(2, 2 + ballast // 100):
        fill(meeting(partnership, day), 100)
    scored = meeting(partnership, 4000)
    session = SessionStore()
    session["_auth_user_id"], session["_auth_user_hash"] = str(user.pk), user.get_session_auth_hash()
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()
    profiles = {
        "app": {"url": BASE + reverse("feedback:score", args=[scored.code]), "ok_body": "Sent. Thank you"},
        "table": {"url": BASE + reverse("feedback:table", args=[partnership.slug, collated.meeting_id])},
        "table_pdf": {"url": BASE + reverse("feedback:table_pdf", args=[partnership.slug, collated.meeting_id])},
        "floor": {"url": "http://127.0.0.1:8201/m/test/", "ok_body": "Thank you", "pids": [str(out / "floor.pid")]},
        "floor_table": {"url": "http://127.0.0.1:8201/m/test/table", "pids": [str(out / "floor.pid")]},
    }
    for name, profile in profiles.items():
        cookie = {"Cookie": f"sessionid={session.session_key}"} if name.startswith("table") else {}
        full = {"name": name, "pids": [str(out / "app.pid")], "headers": cookie} | profile
        (out / f"{name}.json").write_text(json.dumps(full))


main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
