"""Fills an empty database with the demonstration and says where to look. Safe to run again."""

import json
import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from feedback.demo import PEOPLE, NotEmpty, Story, tell


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print addresses and people as JSON")
        port = os.environ.get("PORT", "8000")
        parser.add_argument("--base", default=f"http://127.0.0.1:{port}", help="where the site is served")

    def handle(self, *args, **options) -> None:
        try:
            story = tell()
        except NotEmpty as error:
            raise CommandError("The database holds real areas: the demonstration stays out of it.") from error
        places = addresses(story, options["base"].rstrip("/"))
        if options["json"]:
            self.stdout.write(json.dumps(places | {"people": {key: person.email for key, person in PEOPLE.items()}}))
            return
        self.stdout.write(
            f"Score today's meeting:  {places['score']}\n"
            f"The desk:               {places['desk']}\n"
            f"The last table, as PDF: {places['table_pdf']}\n"
            f"Trends:                 {places['trends']}\n"
            f"To sign in {self.how(options['base'])}\n"
        )

    def how(self, base: str) -> str:
        if settings.DEMO:
            return f'with one click, press a button under "Look around as" on {base}'
        return f"ask for a code as {PEOPLE['minute_taker'].email}: without EMAIL_HOST it is printed here, not sent."


def addresses(story: Story, base: str) -> dict[str, str]:
    today, last = story.today, story.last
    return {
        "score": base + reverse("feedback:score", args=[today.round.code]),
        "desk": base + reverse("feedback:desk", args=[today.partnership.slug, today.pk]),
        "table_pdf": base + reverse("feedback:table_pdf", args=[last.partnership.slug, last.pk]),
        "trends": base + reverse("feedback:trends", args=[story.locality.slug]),
        "area_trends": base + reverse("feedback:area_trends", args=[today.partnership.area.slug]),
        "charter": base + reverse("charter:detail", args=[today.partnership.slug]),
    }
