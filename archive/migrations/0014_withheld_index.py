from django.db import migrations, models


class Migration(migrations.Migration):
    """Every import asks what is withheld: a few rows of many."""

    dependencies = [
        ("archive", "0013_body_unconfirmed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="issuedtext",
            index=models.Index(
                fields=["symbol", "language", "anchor", "fingerprint"],
                condition=models.Q(("withheld", True)),
                name="issued_text_withheld",
            ),
        ),
    ]
