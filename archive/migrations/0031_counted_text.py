from django.db import migrations, models

from ._revision_triggers import create_revision_triggers, drop_revision_triggers


class Migration(migrations.Migration):
    """Of the texts of a document in several languages, which one lists count; all held so far are Chinese."""

    dependencies = [
        ('archive', '0030_aliases_by_language'),
    ]

    operations = [
        migrations.RunPython(drop_revision_triggers, create_revision_triggers),
        migrations.AddField(
            model_name='document',
            name='counted',
            field=models.BooleanField(default=True, editable=False, help_text='同一文件有几种语文的文本时，名单和计数只算一份：中文本，没有中文本时另取一份。', verbose_name='计入名单'),
        ),
        migrations.RunPython(create_revision_triggers, drop_revision_triggers),
    ]
