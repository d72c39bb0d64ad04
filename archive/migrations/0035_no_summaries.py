from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0034_no_probes'),
    ]

    operations = [
        migrations.DeleteModel(name='Summary'),
        migrations.DeleteModel(name='SummaryRevision'),
    ]
