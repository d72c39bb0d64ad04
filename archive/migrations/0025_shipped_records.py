from django.db import migrations, models


class Migration(migrations.Migration):
    """What the program brought, so that what a person changed of it stays. Empty: a difference that is there
    when it is first loaded counts as a person's."""

    dependencies = [
        ('archive', '0024_indexed_mark'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShippedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='资料')),
                ('key', models.CharField(max_length=200, verbose_name='标识')),
                ('origin', models.CharField(choices=[('shipped', '随附'), ('edited', '编者改过'), ('retired', '已撤下或停用')], default='shipped', max_length=10, verbose_name='现状')),
                ('taken', models.JSONField(default=dict, verbose_name='所据的随附内容')),
                ('offered', models.JSONField(blank=True, default=dict, verbose_name='未采用的随附内容')),
            ],
            options={
                'verbose_name': '随附资料',
                'verbose_name_plural': '随附资料',
                'ordering': ['kind', 'key'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='one_record_of_what_was_shipped')],
            },
        ),
    ]
