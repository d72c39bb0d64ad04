from django.db import migrations

from ._revision_triggers import create_revision_triggers, drop_revision_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0032_search_index'),
    ]

    # A trigger names all columns of its table: SQLite drops none under it.
    operations = [
        migrations.DeleteModel(name='Share'),
        migrations.RunPython(drop_revision_triggers, create_revision_triggers),
        migrations.RemoveField(model_name='fetchattempt', name='probe'),
        migrations.RunPython(create_revision_triggers, drop_revision_triggers),
        migrations.DeleteModel(name='Summary'),
        migrations.DeleteModel(name='SummaryRevision'),
    ]
