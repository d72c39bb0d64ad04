from django.db import migrations, models

from ._revision_triggers import create_revision_triggers, drop_revision_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0011_history_by_revision"),
    ]

    operations = [
        migrations.RunPython(drop_revision_triggers, create_revision_triggers),
        migrations.AddField(
            model_name="thesaurusconcept",
            name="retired",
            field=models.BooleanField(
                default=False, help_text="检索和列表不再用它；地址仍然有效。", verbose_name="已停用"
            ),
        ),
        migrations.AddField(
            model_name="thesaurusconcept",
            name="successor",
            field=models.CharField(
                blank=True,
                help_text="停用后由哪个概念代替，填其地址名；可空。",
                max_length=80,
                verbose_name="并入",
            ),
        ),
        migrations.RunPython(create_revision_triggers, drop_revision_triggers),
    ]
