import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is sent to the desk by hand, until somebody decides on it."""

    dependencies = [
        ('archive', '0025_shipped_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='IntakeBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='名称')),
                ('by', models.CharField(max_length=150, verbose_name='上传者')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, verbose_name='上传')),
            ],
            options={
                'verbose_name': '收文批次',
                'verbose_name_plural': '收文批次',
                'ordering': ['-pk'],
                'permissions': [('fill_archive', '收文：上传、核对、发布、撤下本批')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='IntakeItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, verbose_name='文件名')),
                ('size', models.PositiveBigIntegerField(verbose_name='字节')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('sidecar', models.TextField(blank=True, verbose_name='附带的元数据')),
                ('state', models.CharField(choices=[('waiting', '待读取'), ('to_check', '待核对'), ('accepted', '待发布'), ('published', '已发布'), ('set_aside', '搁置'), ('refused', '退回'), ('failed', '失败'), ('unpacked', '已解开'), ('recalled', '待撤下'), ('withdrawn', '已撤下')], default='waiting', max_length=10, verbose_name='状态')),
                ('reason', models.TextField(blank=True, verbose_name='原因')),
                ('by', models.CharField(blank=True, max_length=150, verbose_name='决定者')),
                ('changed', models.DateTimeField(default=django.utils.timezone.now, verbose_name='改动')),
                ('symbol', models.CharField(blank=True, max_length=100, verbose_name='文号')),
                ('title', models.TextField(blank=True, verbose_name='标题')),
                ('outcome', models.CharField(blank=True, max_length=10, verbose_name='发布的结果')),
                ('doubts', models.PositiveIntegerField(default=0, verbose_name='疑点')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='所读内容的摘要')),
                ('document', models.PositiveBigIntegerField(null=True, verbose_name='文件')),
                ('lease_owner', models.CharField(blank=True, max_length=100, verbose_name='读取程序')),
                ('lease_until', models.DateTimeField(null=True, verbose_name='占用至')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('preview', models.JSONField(default=dict, verbose_name='所读内容')),
                ('content', models.BinaryField(null=True, verbose_name='原件')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='archive.intakebatch', verbose_name='批次')),
            ],
            options={
                'verbose_name': '收文',
                'verbose_name_plural': '收文',
                'ordering': ['pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['batch', 'state'], name='intake_by_state'), models.Index(fields=['state', 'lease_until'], name='intake_to_do')],
            },
        ),
    ]
