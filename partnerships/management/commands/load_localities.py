"""Loads Northern Ireland's eleven councils and their 80 district electoral areas. Safe to run again.

Each council becomes an area, each district electoral area a locality partnership of it. What is there
already is left as it is.
"""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.text import slugify

from partnerships.models import Area
from partnerships.people.localities import add_localities, councils


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        areas = localities = 0
        for council, names in councils().items():
            area = Area.objects.filter(name__iexact=council).first()
            if area is None:
                area = Area.objects.create(name=council, slug=slugify(council))
                areas += 1
            localities += add_localities(area, names)
        self.stdout.write(f"Added {areas} area(s) and {localities} locality partnership(s).")
