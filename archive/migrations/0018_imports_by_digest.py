from django.db import migrations, models


class Migration(migrations.Migration):
    """Every import asks whether these bytes, and this refusal, are known already: not by a pass over all."""

    dependencies = [
        ("archive", "0017_fetching"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="sourcefile",
            index=models.Index(fields=["sha256"], name="sources_by_digest"),
        ),
        migrations.AddIndex(
            model_name="importoutcome",
            index=models.Index(fields=["file_name"], name="import_outcomes_by_file"),
        ),
    ]
