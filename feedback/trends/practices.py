"""What worked, shared by a partnership's own decision with all areas: given, changed, taken back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from feedback.models import Practice
from feedback.models.changes import STATEMENTS
from partnerships.models import Act, Entry, Partnership, User


@transaction.atomic
def share(*, partnership: Partnership, statement_key: str, text: str, decision: str, by: User) -> None:
    """The partnership's one note on this statement, in place of an earlier one. Its day is that of these words."""
    said = {"text": text, "decision": decision, "shared_on": timezone.localdate()}
    Practice.objects.update_or_create(partnership=partnership, statement_key=statement_key, defaults=said)
    Entry.objects.write(Act.PRACTICE_SHARED, by=by, partnership=partnership, detail=STATEMENTS[statement_key].text)


@transaction.atomic
def withdraw(*, practice: Practice, by: User) -> None:
    """Nobody reads it any more. Doing it twice is doing it once."""
    deleted, _of = Practice.objects.filter(pk=practice.pk).delete()
    if deleted:
        detail = practice.statement.text
        Entry.objects.write(Act.PRACTICE_WITHDRAWN, by=by, partnership=practice.partnership, detail=detail)
