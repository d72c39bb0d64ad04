import secrets

from django.db import migrations, models

from ._history_revisions import HISTORY, number_history
from ._revision_triggers import create_revision_triggers, drop_revision_triggers


def number(apps, schema_editor) -> None:
    last = number_history({name: apps.get_model("archive", name) for name in HISTORY})
    revision = apps.get_model("archive", "Revision").objects
    revision.filter(number__lt=last).update(number=last, token=secrets.token_hex(8))


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0010_thesaurus"),
    ]

    operations = [
        migrations.RunPython(drop_revision_triggers, create_revision_triggers),
        migrations.AlterModelOptions(
            name="issuedtext",
            options={
                "ordering": ["symbol", "anchor", "since_revision", "pk"],
                "verbose_name": "历次文字",
                "verbose_name_plural": "历次文字",
            },
        ),
        migrations.AlterModelOptions(
            name="retireddocument",
            options={
                "ordering": ["symbol", "at_revision", "pk"],
                "verbose_name": "撤下或并入的文件",
                "verbose_name_plural": "撤下或并入的文件",
            },
        ),
        migrations.RemoveIndex(model_name="issuedtext", name="issued_text_opened"),
        migrations.RemoveIndex(model_name="issuedtext", name="issued_text_closed"),
        migrations.AddField(
            model_name="issuedtext",
            name="since_revision",
            field=models.BigIntegerField(default=0, verbose_name="自修订号"),
        ),
        migrations.AddField(
            model_name="issuedtext",
            name="until_revision",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="至修订号"),
        ),
        migrations.AddField(
            model_name="movedanchor",
            name="revision",
            field=models.BigIntegerField(default=0, verbose_name="修订号"),
        ),
        migrations.AddField(
            model_name="retireddocument",
            name="at_revision",
            field=models.BigIntegerField(default=0, verbose_name="修订号"),
        ),
        migrations.AddField(
            model_name="retireddocument",
            name="lifted_revision",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="恢复时的修订号"),
        ),
        migrations.AddIndex(
            model_name="issuedtext",
            index=models.Index(
                fields=["since_revision", "symbol", "language", "since"], name="issued_text_opened"
            ),
        ),
        migrations.AddIndex(
            model_name="issuedtext",
            index=models.Index(
                fields=["until_revision", "symbol", "language", "until"], name="issued_text_closed"
            ),
        ),
        migrations.RunPython(create_revision_triggers, drop_revision_triggers),
        migrations.RunPython(number, migrations.RunPython.noop),
    ]
