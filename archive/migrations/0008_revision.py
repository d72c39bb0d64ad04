import secrets

from django.db import migrations, models

from ._revision_triggers import create_revision_triggers, drop_revision_triggers


def begin(apps, schema_editor) -> None:
    """What is held already stands at the first revision."""
    first = {"number": 1, "token": secrets.token_hex(8)}
    apps.get_model("archive", "Revision").objects.create(pk=1, **first)
    document_revision = apps.get_model("archive", "DocumentRevision")
    documents = apps.get_model("archive", "Document").objects.order_by("pk").values_list("pk", flat=True)
    document_revision.objects.bulk_create(
        (document_revision(document_id=document, **first) for document in (0, *documents)), batch_size=300
    )


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0007_speakers_from_an_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentRevision",
            fields=[
                ("document_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("token", models.CharField(blank=True, max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=0)),
                ("token", models.CharField(blank=True, max_length=32)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_revision")],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(create_revision_triggers, drop_revision_triggers),
    ]
