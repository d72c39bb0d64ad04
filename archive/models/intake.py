"""Files uploaded at the desk that wait to be parsed, reviewed, published or rejected."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fetching import LONGEST_FILE_NAME


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
    (``archive.importing.Status``), ``document`` the key of the document that it made, ``before`` what that
    was, where it was there. ``corrections`` are what people put right in it, as a sidecar has them.
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
        verbose_name = verbose_name_plural = _("收文")
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
