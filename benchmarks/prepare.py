"""Fills an empty database for the benchmarks and writes the load generator's profiles.

    prepare.py OUT NAME PORT SLIPS

SLIPS lie in open rounds of other meetings, at most 100 a round, beside the one that is scored.
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

from django.urls import reverse  # noqa: E402

from feedback.anonymity.phone_keys import hash_of, new_key  # noqa: E402
from feedback.anonymity.seals import SlipContent  # noqa: E402
from feedback.models import Round, Slip  # noqa: E402
from feedback.rounds import comments as reading  # noqa: E402
from feedback.rounds import lifecycle as scoring  # noqa: E402
from feedback.scores.instruments import MEETING_FEEDBACK  # noqa: E402
from partnerships.models import Area, Coordinator, Meeting, Partnership, User  # noqa: E402
from partnerships.sessions import SessionStore  # noqa: E402

COMMENT = "We could meet more often, and share the plan earlier."


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


def main(out: Path, name: str, port: str, slips: int) -> None:
    base = f"http://127.0.0.1:{port}"
    area = Area.objects.create(name="Benchmark", slug="benchmark")
    partnership = Partnership.objects.create(area=area, name="Benchmark board", slug="board", kind="board")
    user = User.objects.create_user("bench@example.org")
    Coordinator.objects.create(area=area, user=user)
    for day in range(2):  # a table, and one before it
        collated = meeting(partnership, day)
        fill(collated, 100)
        scoring.stop_round(round_id=collated.pk)
        reading.show_comments(round_id=collated.pk)
        scoring.collate(round_id=collated.pk)
    for day, first in enumerate(range(0, slips, 100), 2):
        fill(meeting(partnership, day), min(100, slips - first))
    scored = meeting(partnership, 4000)
    session = SessionStore()
    session["_auth_user_id"], session["_auth_user_hash"] = str(user.pk), user.get_session_auth_hash()
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()
    # With a token of its own, so that no answer sets a cookie: the load generator would send two headers then.
    signed_in = {"Cookie": f"sessionid={session.session_key}; csrftoken={'x' * 32}"}
    place = [partnership.slug, collated.meeting_id]
    floor = {"pids": [str(out / "floor.pid")]}
    profiles: dict[str, dict] = {
        name: {"url": base + reverse("feedback:score", args=[scored.code]), "ok_body": "Sent. Thank you"},
        f"{name}_table": {"url": base + reverse("feedback:table", args=place), "headers": signed_in},
        f"{name}_pdf": {"url": base + reverse("feedback:table_pdf", args=place), "headers": signed_in},
        "floor": {"url": "http://127.0.0.1:8201/m/test/", "ok_body": "Thank you"} | floor,
        "floor_table": {"url": "http://127.0.0.1:8201/m/test/table"} | floor,
    }
    for profile, says in profiles.items():
        full = {"name": profile, "pids": [str(out / f"{name}.pid")]} | says
        (out / f"{profile}.json").write_text(json.dumps(full))


main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
