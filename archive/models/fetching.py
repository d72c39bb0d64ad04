"""Requests to the UN's document service, and records of its catalogue."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .querysets.documents import CatalogueQuerySet, FetchAttemptQuerySet


class FetchAttempt(models.Model):
    """A request for one document in a ``fetch_documents`` run, and its outcome. Rows are never removed.

    ``kept`` is the path, relative to the data folder, of an answer that was not imported; ``steps`` are the
    requests of the attempt in their order.
    """

    class Outcome(models.TextChoices):
        PLANNED = "planned", _("待问")
        ASKED = "asked", _("已问，未得答复")
        ANSWERED = "answered", _("已得答复，未入库")
        HELD = "held", _("已入库")
        NOT_PUBLISHED = "not_published", _("未公布")
        NOT_IN_LANGUAGE = "not_in_language", _("没有这一语文的文本")
        NOT_A_DOCUMENT = "not_a_document", _("来的不是文件")
        BLOCKED = "blocked", _("被拒绝")
        BROKEN = "broken", _("中断")

    run = models.CharField(_("批次"), max_length=40)
    symbol = models.CharField(_("文号"), max_length=100)
    language = models.CharField(_("语文"), max_length=10, default="zh")
    outcome = models.CharField(_("结果"), max_length=20, choices=Outcome, default=Outcome.PLANNED)
    reason = models.TextField(_("原因"), blank=True)
    address = models.CharField(_("所问地址"), max_length=1000, blank=True)
    status = models.PositiveSmallIntegerField(_("HTTP状态"), null=True, blank=True)
    format = models.CharField(_("格式"), max_length=20, blank=True)
    size = models.PositiveBigIntegerField(_("字节"), null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    kept = models.CharField(_("原样保存于"), max_length=200, blank=True)
    steps = models.JSONField(_("经过"), default=list, blank=True)
    asked = models.DateTimeField(_("询问"), null=True, blank=True)
    answered = models.DateTimeField(_("答复"), null=True, blank=True)
    not_before = models.DateTimeField(_("对方要求不早于"), null=True, blank=True)

    objects = FetchAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("向联合国索取的记录")
        constraints = [
            models.UniqueConstraint(fields=["run", "symbol", "language"], name="one_attempt_in_a_run")
        ]
        indexes = [models.Index(fields=["symbol", "language"], name="attempts_by_symbol")]

    def __str__(self) -> str:
        return f"{self.symbol}: {self.outcome}"


class CatalogueRecord(models.Model):
    """A record of the UN's library catalogue: facts that a person exported, not the document's text.

    A record with several symbols has a row for each. ``source`` is the name of the file it came in.
    """

    symbol = models.CharField(_("文号"), max_length=100, unique=True)
    title = models.TextField(_("标题"), blank=True)
    date = models.CharField(_("日期"), max_length=40, blank=True, help_text=_("照目录所载，可能只有年月。"))
    authors = models.JSONField(_("作者"), default=list, blank=True)
    agenda = models.JSONField(_("议程项目"), default=list, blank=True)
    subjects = models.JSONField(_("主题"), default=list, blank=True)
    links = models.JSONField(_("链接"), default=list, blank=True, help_text=_("每条为[地址，说明]。"))
    record = models.CharField(_("记录号"), max_length=60, blank=True)
    source = models.CharField(_("所来文件"), max_length=255)
    imported = models.DateTimeField(_("收到"))

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        ordering = ["symbol"]
        verbose_name = verbose_name_plural = _("目录记录")

    def __str__(self) -> str:
        return self.symbol


# How documents came in: runs of the importer and what became of each file.

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
    """The outcome of a run for one file."""

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


# Files uploaded at the desk that wait to be parsed, reviewed, published or rejected.


class IntakeBatch(models.Model):
    """The files that a person sent in one go."""

    name = models.CharField(_("名称"), max_length=100, blank=True)
    by = models.CharField(_("上传者"), max_length=150)
    created = models.DateTimeField(_("上传"), default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("收文批次")
        default_permissions = ()
        permissions = [("fill_archive", _("收文：上传、核对、发布、撤下本批"))]

    def __str__(self) -> str:
        return self.name or f"{self.created:%Y-%m-%d %H:%M}"


class IntakeItem(models.Model):
    """One file of a batch. ``state`` says what is to be done with it, or what became of it.

    A worker that takes it up holds it until ``lease_until``; one that is killed gives it back by not being
    there. ``content`` is kept until the archive holds the file, or until nobody decided for long. ``preview``
    is what was read of it, ``digest`` the hash of all of that; ``outcome`` what publishing it does
    (``archive.intake.importing.Status``), ``document`` the key of the document that it made, ``before`` what
    that was, where it was there. ``corrections`` are what people put right in it, as a sidecar has them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待读取")
        TO_CHECK = "to_check", _("待核对")
        ACCEPTED = "accepted", _("待发布")
        PUBLISHED = "published", _("已发布")
        SET_ASIDE = "set_aside", _("搁置")
        REFUSED = "refused", _("退回")
        FAILED = "failed", _("失败")
        UNPACKED = "unpacked", _("已解开")
        RECALLED = "recalled", _("待撤下")
        WITHDRAWN = "withdrawn", _("已撤下")
        RETURNING = "returning", _("待恢复")

    TO_DO = (State.ACCEPTED, State.RECALLED, State.RETURNING, State.WAITING)
    """What a worker takes up, in this order: whoever decided does not wait behind a heap of files."""

    batch = models.ForeignKey(IntakeBatch, models.CASCADE, related_name="items", verbose_name=_("批次"))
    name = models.CharField(_("文件名"), max_length=LONGEST_FILE_NAME)
    size = models.PositiveBigIntegerField(_("字节"))
    sha256 = models.CharField("SHA-256", max_length=64)
    sidecar = models.TextField(_("附带的元数据"), blank=True)
    corrections = models.JSONField(_("更正"), default=list)
    before = models.JSONField(_("先前的版本"), default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    reason = models.TextField(_("原因"), blank=True)
    by = models.CharField(_("决定者"), max_length=150, blank=True)
    changed = models.DateTimeField(_("改动"), default=timezone.now)
    symbol = models.CharField(_("文号"), max_length=100, blank=True)
    title = models.TextField(_("标题"), blank=True)
    outcome = models.CharField(_("发布的结果"), max_length=10, blank=True)
    doubts = models.PositiveIntegerField(_("疑点"), default=0)
    digest = models.CharField(_("所读内容的摘要"), max_length=64, blank=True)
    document = models.PositiveBigIntegerField(_("文件"), null=True)
    lease_owner = models.CharField(_("读取程序"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("占用至"), null=True)
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    preview = models.JSONField(_("所读内容"), default=dict)
    content = models.BinaryField(_("原件"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = pgettext_lazy("desk", "收文")
        default_permissions = ()
        indexes = [
            models.Index(fields=["batch", "state"], name="intake_by_state"),
            models.Index(fields=["state", "lease_until"], name="intake_to_do"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_taken(self) -> bool:
        """True while a worker has leased it."""
        return self.lease_until is not None and self.lease_until > timezone.now()
