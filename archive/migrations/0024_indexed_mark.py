from django.db import migrations, models

from ._revision_triggers import INDEXED, create_revision_triggers, drop_revision_triggers


class Migration(migrations.Migration):
    """What is cited came, and the index covered nothing that cites it; the marks of before stay good."""

    dependencies = [
        ('archive', '0023_paragraphs_by_key'),
    ]

    operations = [
        migrations.RunPython(drop_revision_triggers, create_revision_triggers),
        migrations.AddField(
            model_name='documentrevision',
            name='indexed',
            field=models.CharField(blank=True, db_default='', max_length=60),
        ),
        migrations.RunSQL(f'{INDEXED} IS NOT NULL', migrations.RunSQL.noop),
        migrations.RunPython(create_revision_triggers, drop_revision_triggers),
    ]
