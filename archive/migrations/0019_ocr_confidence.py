from django.db import migrations, models


class Migration(migrations.Migration):
    """How sure the program was that recognized a text in a picture; nothing held so far was recognized."""

    dependencies = [
        ('archive', '0018_imports_by_digest'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='ocr_confidence',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, help_text='识别所得各段的平均，百分比；原件是图片、文字由程序识别（OCR）时才有。', null=True, verbose_name='文字识别的置信度'),
        ),
        migrations.AddField(
            model_name='paragraph',
            name='ocr_confidence',
            field=models.PositiveSmallIntegerField(blank=True, help_text='百分比；原件是图片、文字由程序识别（OCR）时才有。', null=True, verbose_name='文字识别的置信度'),
        ),
    ]
