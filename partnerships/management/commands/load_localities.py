"""Loads Northern Ireland's eleven councils and their 80 district electoral areas. Safe to run again.

Each council becomes an area, each district electoral area a locality partnership of it. What is there
already is left as it is.
"""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.text import slugify

from partnerships import models

FILE = Path(models.__file__).parent.parent / "data" / "ni_district_electoral_areas.csv"


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        made = [0, 0]
        with FILE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                council, locality = row["council"], f"{row['district_electoral_area']} DEA"
                area = models.Area.objects.filter(name__iexact=council).first()
                if area is None:
                    area = models.Area.objects.create(name=council, slug=slugify(council))
                    made[0] += 1
                if not area.partnerships.filter(name__iexact=locality).exists():
                    area.partnerships.create(name=locality, kind=models.Partnership.Kind.LOCALITY)
                    made[1] += 1
        self.stdout.write(f"Added {made[0]} area(s) and {made[1]} locality partnership(s).")
