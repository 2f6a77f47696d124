"""Slips of running rounds are sealed anew, with what was decided about their comments inside the seal."""

import json

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import migrations, models

from feedback.anonymity.seals import Edit, Seal, SealLost, SlipContent
from feedback.scores.instruments import INSTRUMENTS

_BEFORE_THIS = "Collated before an explanation was asked for."


def seal_anew(apps, schema_editor):
    slips = apps.get_model("feedback", "Slip").objects.select_related("round")
    if slips and not settings.SEAL_DIR.is_dir():
        raise FileNotFoundError("SEAL_DIR cannot be reached, and slips wait that it opens. Nothing was changed.")
    for slip in slips:
        try:
            seal = Seal.of(slip.round.code, INSTRUMENTS[slip.round.instrument_slug])
            answers, comments = _opened(slip)
        except (SealLost, InvalidTag):  # then nobody can read it, now or later
            continue
        edits = {question: Edit("other") for question in slip.withheld}
        slip.sealed = seal.close(SlipContent(answers, comments, edits))
        slip.save(update_fields=["sealed"])


def _opened(slip):
    """What version 0001 sealed: answers and comments alone."""
    key = (settings.SEAL_DIR / f"{slip.round.code}.key").read_bytes()
    sealed = bytes(slip.sealed)
    return json.loads(AESGCM(key).decrypt(sealed[:12], sealed[12:], slip.round.code.encode()))


def explain(apps, schema_editor):
    more_slips_than_people = models.Q(slips__gt=models.F("present"))
    apps.get_model("feedback", "Table").objects.filter(more_slips_than_people).update(explanation=_BEFORE_THIS)


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0002_codes_paper_edits"),
    ]

    operations = [
        migrations.RunPython(seal_anew, migrations.RunPython.noop),
        migrations.RunPython(explain, migrations.RunPython.noop),
    ]
