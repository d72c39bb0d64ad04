from django.db import migrations, models


def read_anew(apps, schema_editor):
    """What was read is kept in another form since; files that wait for a person are read once more."""
    items = apps.get_model("archive", "IntakeItem").objects.exclude(preview={})
    items.filter(state="to_check").update(state="waiting")
    items.update(preview={})


class Migration(migrations.Migration):
    """What people put right in a file before it is published, and what the document was before it."""

    dependencies = [
        ('archive', '0027_curators'),
    ]

    operations = [
        migrations.AddField(
            model_name='intakeitem',
            name='before',
            field=models.JSONField(default=dict, verbose_name='先前的版本'),
        ),
        migrations.AddField(
            model_name='intakeitem',
            name='corrections',
            field=models.JSONField(default=list, verbose_name='更正'),
        ),
        migrations.RunPython(read_anew, migrations.RunPython.noop),
    ]
