from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0003_slips_sealed_anew"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="slip",
            name="withheld",
        ),
        migrations.RemoveConstraint(
            model_name="table",
            name="table_shows_nothing_under_its_threshold",
        ),
        migrations.AddConstraint(
            model_name="table",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("blacked_out", 0),
                        ("comments__isnull", True),
                        ("slips__lt", models.F("threshold")),
                        ("tallies__isnull", True),
                        ("withheld", 0),
                    ),
                    models.Q(
                        ("comments__isnull", False), ("slips__gte", models.F("threshold")), ("tallies__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="table_shows_nothing_under_its_threshold",
            ),
        ),
        migrations.AddConstraint(
            model_name="table",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("present__isnull", True),
                    ("slips__lte", models.F("present")),
                    models.Q(("explanation", ""), _negated=True),
                    _connector="OR",
                ),
                name="table_explains_more_slips_than_people",
            ),
        ),
    ]
