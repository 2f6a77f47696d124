"""What time does to rounds: stops them after 14 days, ends them after 28. To be run once a day.

Also destroys each key that no running round needs, should a power cut have left one behind.
"""

from django.core.management.base import BaseCommand

from feedback import seals
from feedback.models import Phase, Round
from feedback.scoring import end_overdue


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        for round in Round.objects.running().select_related("meeting__partnership"):
            before = round.stage
            phase = end_overdue(round_id=round.pk)
            if phase != before:
                self.stdout.write(f"{round.meeting}: {Phase(before).label} -> {phase.label}")
        needed = set(Round.objects.running().values_list("code", flat=True))
        for name in sorted(seals.kept_keys() - needed):
            seals.destroy_key(name)
            self.stdout.write("Destroyed a key that no open round needs.")
