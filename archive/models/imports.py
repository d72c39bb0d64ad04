"""How documents came in: runs of the importer and what became of each file."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_FILE_NAME = 255


class ImportRun(models.Model):
    """One call of ``import_documents``. ``finished`` stays empty when the run was interrupted."""

    started = models.DateTimeField(_("开始"), auto_now_add=True)
    finished = models.DateTimeField(_("结束"), null=True, blank=True)
    parser_version = models.CharField(_("解析器版本"), max_length=20)

    class Meta:
        ordering = ["-started"]
        verbose_name = verbose_name_plural = _("入库批次")

    def __str__(self) -> str:
        return f"{self.started:%Y-%m-%d %H:%M:%S}"


class ImportOutcome(models.Model):
    """What a run did with one file."""

    class Result(models.TextChoices):
        CREATED = "created", _("新建")
        UPDATED = "updated", _("更新")
        REFUSED = "refused", _("拒收")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="outcomes", verbose_name=_("批次"))
    file_name = models.CharField(_("文件名"), max_length=LONGEST_FILE_NAME)
    result = models.CharField(_("结果"), max_length=10, choices=Result)
    symbol = models.CharField(_("文号"), max_length=100, blank=True)
    reason = models.TextField(_("原因"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("入库结果")
        indexes = [models.Index(fields=["file_name"], name="import_outcomes_by_file")]

    def __str__(self) -> str:
        return f"{self.file_name}: {self.result}"
