"""Mails that wait; to be run every few minutes. It says what it sent.

Goes on with mailings that were begun on the site and not finished (somebody closed the page, or the mail
server was down), and sends all members the link where scoring opened by itself at a set time.
"""

from django.conf import settings
from django.core.management.base import BaseCommand

from feedback.rounds.reminders import send_waiting


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        for mailing, progress in send_waiting(base=settings.SITE_URL):
            self.stdout.write(f"{mailing}: {progress.sent} of {progress.total} sent")
