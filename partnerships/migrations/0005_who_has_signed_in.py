"""What is known already about who has signed in."""

from django.db import migrations


def carry_over_sign_ins(apps, schema_editor):
    """Who has signed in before needs no invitation, and counts as a coordinator who is there."""
    for name in ("Member", "Coordinator"):
        for each in apps.get_model("partnerships", name).objects.filter(user__last_login__isnull=False):
            each.signed_in_on = each.user.last_login.date()
            each.save(update_fields=["signed_in_on"])


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0004_people_come_and_go")]
    operations = [migrations.RunPython(carry_over_sign_ins, migrations.RunPython.noop)]
