"""The shared cache has a table of its own, which migrate would not make by itself."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0001_who_meets")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
