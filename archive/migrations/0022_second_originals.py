import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Files of a document beside the one its text is from; those that were set aside before are not kept."""

    dependencies = [
        ('archive', '0021_summaries'),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondOriginal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(max_length=10, verbose_name='格式')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='second_originals', to='archive.document', verbose_name='文件')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='second_of', to='archive.sourcefile', verbose_name='来源文件')),
            ],
            options={
                'verbose_name': '另一格式的原件',
                'verbose_name_plural': '另一格式的原件',
                'ordering': ['document', 'format', 'source'],
                'constraints': [models.UniqueConstraint(fields=('document', 'source'), name='one_original_of_these_bytes')],
            },
        ),
    ]
