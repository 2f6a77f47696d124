"""What time does; to be run once a day. It says what it did.

Rounds stop after 14 days and end after 28. Keys that outlived their rounds are destroyed, should a power
cut have left one behind, and deleted rows are swept out of the database's files. People who left longer
ago than their area keeps them are erased, so are facilitators, idle accounts, sessions whose time is up, and files of
papers that are gone. How meetings stand is worked out where an upgrade left that open. Whoever has an action
that is due gets a mail, at most one a week. It fails, after doing all the rest, where something could not be done.
"""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from feedback.models import Phase, Round
from feedback.rounds.destruction import destroy_outlived, sweep
from feedback.rounds.lifecycle import end_overdue
from feedback.trends.standings import catch_up
from feedback.year.workshops import forget_facilitators
from partnerships.meetings.action_reminders import remind_owners
from partnerships.meetings.papers import throw_away_strays
from partnerships.people import membership
from partnerships.sessions import SessionStore


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        for round in Round.objects.running().with_occasion():
            phase = end_overdue(round_id=round.pk)
            if phase != round.stage:
                self.stdout.write(f"{round.occasion}: {Phase(round.stage).label} -> {phase.label}")
        self.forget()
        if caught_up := catch_up():
            self.stdout.write(f"Worked out how the meetings of {caught_up} partnership(s) stand")
        destroyed = destroy_outlived()
        for _gone in filter(None, destroyed):
            self.stdout.write("Destroyed a key that no round needs.")
        sweep()
        self.remind()
        if not all(destroyed):
            raise CommandError("A key could not be destroyed: see that SEAL_DIR can be written, and run this again.")

    def remind(self) -> None:
        """Last, because a mail server that is not there must keep nothing else from being done."""
        reached = list(remind_owners(base=settings.SITE_URL))
        if reached:
            self.stdout.write(f"Reminded {sum(reached)} of {len(reached)} people of what they have to do")

    def forget(self) -> None:
        for area, number in membership.forget_former():
            self.stdout.write(
                f"{area}: erased {number} membership(s) that ended more than {area.months_kept} months ago"
            )
        if forgotten := forget_facilitators():
            self.stdout.write(f"Forgot {forgotten} facilitator(s) of workshops long past")
        if closed := membership.close_idle_accounts():
            self.stdout.write(f"Closed {closed} account(s) that nothing needs any more")
        for name in throw_away_strays():
            self.stdout.write(f"Deleted a file that no paper has: {name}")
        SessionStore.clear_expired()
        with connection.cursor() as cursor:  # Django deletes what has expired only when it is asked for again
            now = connection.ops.adapt_datetimefield_value(timezone.now())
            cursor.execute("DELETE FROM coprod_cache WHERE expires < %s", [now])
