"""What time does to rounds: stops them after 14 days, ends them after 28. To be run once a day.

Also destroys keys that outlived their rounds, should a power cut have left one behind. It says what it
did, and fails, after doing all the rest, where something could not be done.
"""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback import seals
from feedback.models import Phase, Round
from feedback.models.rounds import ENDS_AFTER
from feedback.scoring import end_overdue


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        for round in Round.objects.running().select_related("meeting__partnership"):
            phase = end_overdue(round_id=round.pk)
            if phase != round.stage:
                self.stdout.write(f"{round.meeting}: {Phase(round.stage).label} -> {phase.label}")
        destroyed = [self.destroy(name) for name in self.outlived()]
        if not all(destroyed):
            raise CommandError("A key could not be destroyed: see that SEAL_DIR can be written, and run this again.")

    def outlived(self) -> list[str]:
        """Keys of finished rounds; and keys that belong to no round here, once no round anywhere can need them."""
        keys = seals.kept_keys()
        known = dict(Round.objects.filter(code__in=keys).values_list("code", "stage"))
        finished = {code for code, stage in known.items() if stage in {Phase.COLLATED, Phase.ENDED}}
        oldest = timezone.now() - ENDS_AFTER
        return sorted(name for name, made in keys.items() if name in finished or (name not in known and made < oldest))

    def destroy(self, name: str) -> bool:
        if gone := seals.destroy_key(name):
            self.stdout.write("Destroyed a key that no round needs.")
        return gone
