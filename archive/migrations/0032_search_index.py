from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0031_counted_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.CharField(max_length=100)),
                ('token', models.CharField(max_length=32)),
                ('manifest', models.TextField()),
                ('withheld', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_search_index')],
            },
        ),
    ]
