"""A mention's surface stands in its paragraph's text at its offsets; the database sees to it."""

from django.db import migrations

from ._offset_triggers import create_offset_triggers, drop_offset_triggers


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial")]

    operations = [migrations.RunPython(create_offset_triggers, drop_offset_triggers)]
