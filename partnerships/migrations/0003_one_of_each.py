"""What the rules of the next migration ask of the members that are there."""

from django.db import migrations, models


def tell_doubles_apart(apps, schema_editor):
    """Two of one name and organisation without an address, on one partnership, get numbers: the rule that
    they stand there once comes with this migration."""
    Member = apps.get_model("partnerships", "Member")
    seen: dict[tuple[int, int, str], int] = {}
    for member in Member.objects.filter(email="").order_by("pk"):
        key = member.partnership_id, member.organisation_id, member.name.lower()
        seen[key] = number = seen.get(key, 0) + 1
        if number > 1:
            member.name = f"{member.name[:110]} ({number})"
            member.save(update_fields=["name"])


def lower_addresses(apps, schema_editor):
    """From here on an address is the same letter for letter."""
    Member = apps.get_model("partnerships", "Member")
    Member.objects.update(email=models.functions.Lower("email"))


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_cache_table")]
    operations = [
        migrations.RunPython(tell_doubles_apart, migrations.RunPython.noop),
        migrations.RunPython(lower_addresses, migrations.RunPython.noop),
    ]
