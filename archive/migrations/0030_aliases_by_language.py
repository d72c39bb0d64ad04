from django.db import migrations, models

ONE = models.UniqueConstraint(fields=("symbol", "document"), name="one_alias_per_document")


class Migration(migrations.Migration):
    dependencies = [("archive", "0029_files_that_come_back")]
    operations = [
        migrations.AlterField("symbolalias", "symbol", models.CharField(max_length=100, verbose_name="文号")),
        migrations.AddConstraint("symbolalias", ONE),
    ]
