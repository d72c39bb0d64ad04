from django.db import migrations, models


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
    ]
