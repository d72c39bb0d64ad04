from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0032_search_index'),
    ]

    operations = [
        migrations.DeleteModel(name='Share'),
    ]
