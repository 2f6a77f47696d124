import django.db.models.deletion
from django.db import migrations, models

import feedback.anonymity.randomness
import feedback.models.rounds


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0001_rounds_slips_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="SingleUseCode",
            fields=[
                (
                    "id",
                    feedback.models.rounds.RandomKey(
                        default=feedback.anonymity.randomness.random_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code_hash", models.BinaryField(max_length=32)),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="codes",
                        to="feedback.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "single-use code",
                "verbose_name_plural": "single-use codes",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="singleusecode",
            constraint=models.UniqueConstraint(fields=("round", "code_hash"), name="single_use_code_once_in_a_round"),
        ),
        migrations.AddField(
            model_name="round",
            name="uses_codes",
            field=models.BooleanField(default=False, editable=False, verbose_name="a phone needs a single-use code"),
        ),
        migrations.AddField(
            model_name="slip",
            name="on_paper",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="table",
            name="blacked_out",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="comments with words blacked out"),
        ),
        migrations.AddField(
            model_name="table",
            name="explanation",
            field=models.CharField(blank=True, max_length=300, verbose_name="why there are more slips than people"),
        ),
    ]
