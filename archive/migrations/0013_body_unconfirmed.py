from django.db import migrations, models

from ._revision_triggers import create_revision_triggers, drop_revision_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0012_concepts_retire"),
    ]

    operations = [
        migrations.RunPython(drop_revision_triggers, create_revision_triggers),
        migrations.AddField(
            model_name="body",
            name="unconfirmed",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "名称还没有在文件中核对过：照常识别和链接，标明待核，不计入统计。"
                    "核对后取消勾选，不会再变回待核。"
                ),
                verbose_name="待核",
            ),
        ),
        migrations.RunPython(create_revision_triggers, drop_revision_triggers),
    ]
