"""History of the texts issued under each address. Rows are added and closed, never removed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .querysets.documents import IssuedTextQuerySet, MovedAnchorQuerySet


class Cause(models.TextChoices):
    """The cause of a change of words or addresses."""

    PARSING = "parsing", _("解析更正")
    SOURCE = "source", _("来源更正")
    CORRIGENDUM = "corrigendum", _("更正文件")
    CORRECTION = "correction", _("编辑更正")
    WITHDRAWN = "withdrawn", _("撤下")
    MERGED = "merged", _("并入他件")


class IssuedText(models.Model):
    """A text that was public under an anchor of a document, with its fingerprint and dates.

    ``since_cause`` and ``since_reason`` say why it came, and are empty for what came with its document.
    ``until`` is empty while the text stands; then ``ending`` says what became of it, ``cause`` and ``reason``
    why, ``by`` who decided. ``since_revision`` and ``until_revision`` are the revisions of the archive that
    opened and closed it: what happened in one act has one number, and moved words are found by it. Times are
    only shown, since clocks go wrong. The document is named by symbol, so that the row outlives it. The words
    of a ``withheld`` text are kept and shown to nobody, where law forbids it: show ``shown_text``.
    """

    class Ending(models.TextChoices):
        EDITED = "edited", _("文字改动")
        MOVED = "moved", _("移至他处")
        WITHDRAWN = "withdrawn", _("撤下")

    symbol = models.CharField(_("文号"), max_length=100)
    language = models.CharField(_("语文"), max_length=10, default="zh")
    anchor = models.CharField(_("段落标记"))
    fingerprint = models.CharField(_("指纹"), max_length=8)
    text = models.TextField(_("文字"))
    since = models.DateTimeField(_("自"))
    since_revision = models.BigIntegerField(_("自修订号"), default=0)
    since_cause = models.CharField(_("出现缘由"), max_length=12, choices=Cause, blank=True)
    since_reason = models.CharField(_("出现原因"), blank=True)
    since_by = models.CharField(_("由谁恢复"), blank=True)
    until = models.DateTimeField(_("至"), null=True, blank=True)
    until_revision = models.BigIntegerField(_("至修订号"), null=True, blank=True)
    ending = models.CharField(_("结局"), max_length=10, choices=Ending, blank=True)
    cause = models.CharField(_("改动缘由"), max_length=12, choices=Cause, blank=True)
    reason = models.CharField(_("改动原因"), blank=True)
    by = models.CharField(_("决定者"), blank=True)
    withheld = models.BooleanField(_("依法不予显示"), default=False)

    objects = IssuedTextQuerySet.as_manager()

    class Meta:
        ordering = ["symbol", "anchor", "since_revision", "pk"]
        verbose_name = verbose_name_plural = _("历次文字")
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "language", "anchor"],
                condition=models.Q(until=None),
                name="one_standing_text_per_anchor",
            ),
            models.CheckConstraint(
                condition=models.Q(until=None, ending="")
                | (models.Q(until__isnull=False) & ~models.Q(ending="")),
                name="closed_text_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["symbol", "anchor", "fingerprint"], name="issued_text_address"),
            models.Index(fields=["since_revision", "symbol", "language", "since"], name="issued_text_opened"),
            models.Index(fields=["until_revision", "symbol", "language", "until"], name="issued_text_closed"),
            models.Index(
                fields=["symbol", "language", "anchor", "fingerprint"],
                condition=models.Q(withheld=True),
                name="issued_text_withheld",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol}/p/{self.anchor}/{self.fingerprint}"

    @property
    def ended_at(self) -> int | None:
        """The revision in which the text ended; None while it stands.

        Of a row that was closed by hand, without a revision: that in which it came.
        """
        if self.until is None:
            return None
        return self.since_revision if self.until_revision is None else self.until_revision

    @property
    def shown_text(self) -> str:
        """The words as far as law lets them be shown."""
        return "" if self.withheld else self.text


class MovedAnchor(models.Model):
    """An anchor that was issued once and now leads to another.

    Of the same document; or, where that was merged into another, of the document ``new_symbol``.
    """

    symbol = models.CharField(_("文号"), max_length=100)
    language = models.CharField(_("语文"), max_length=10, default="zh")
    old_anchor = models.CharField(_("旧标记"))
    new_symbol = models.CharField(_("新文号"), max_length=100, blank=True)
    new_anchor = models.CharField(_("新标记"))
    moved = models.DateTimeField(_("时间"))
    revision = models.BigIntegerField(_("修订号"), default=0)
    cause = models.CharField(_("改动缘由"), max_length=12, choices=Cause, blank=True)
    reason = models.CharField(_("原因"), blank=True)

    objects = MovedAnchorQuerySet.as_manager()

    class Meta:
        ordering = ["symbol", "old_anchor"]
        verbose_name = verbose_name_plural = _("移动的段落")
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "language", "old_anchor"], name="one_destination_per_moved_anchor"
            ),
            models.CheckConstraint(
                condition=~models.Q(old_anchor=models.F("new_anchor"), new_symbol=""),
                name="moved_anchor_leads_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol}/p/{self.old_anchor} → {self.new_anchor}"


class RetiredDocument(models.Model):
    """The tombstone of a soft-deleted document: withdrawn, or merged into another. Its addresses answer on.

    ``facts`` are its former metadata (title, document_type, organ, dates), as plain values. A retirement that
    was taken back has ``lifted``. Import refuses a symbol that has a tombstone. Another symbol of a retired
    document has a row of its own with ``{"alias": true}``, merged into the first.
    """

    class Ending(models.TextChoices):
        WITHDRAWN = "withdrawn", _("撤下")
        MERGED = "merged", _("并入他件")

    symbol = models.CharField(_("文号"), max_length=100)
    language = models.CharField(_("语文"), max_length=10, default="zh")
    ending = models.CharField(_("结局"), max_length=10, choices=Ending)
    successor = models.CharField(_("并入的文件"), max_length=100, blank=True)
    by = models.CharField(_("决定者"))
    reason = models.CharField(_("原因"))
    withheld = models.BooleanField(_("依法不予显示文字"), default=False)
    facts = models.JSONField(_("当时所知"), default=dict, blank=True)
    at = models.DateTimeField(_("时间"))
    at_revision = models.BigIntegerField(_("修订号"), default=0)
    lifted = models.DateTimeField(_("恢复"), null=True, blank=True)
    lifted_revision = models.BigIntegerField(_("恢复时的修订号"), null=True, blank=True)

    class Meta:
        ordering = ["symbol", "at_revision", "pk"]
        verbose_name = verbose_name_plural = _("撤下或并入的文件")
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "language"],
                condition=models.Q(lifted=None),
                name="one_standing_retirement_per_document",
            ),
            models.CheckConstraint(
                condition=models.Q(ending="merged") ^ models.Q(successor=""),
                name="merged_document_has_successor",
            ),
        ]

    def __str__(self) -> str:
        return self.symbol


class ShortLink(models.Model):
    """A short code for print, ``/c/<code>``, that permanently refers to one text under one anchor."""

    code = models.CharField(_("短码"), max_length=8, unique=True)
    symbol = models.CharField(_("文号"), max_length=100)
    language = models.CharField(_("语文"), max_length=10, default="zh")
    anchor = models.CharField(_("段落标记"))
    fingerprint = models.CharField(_("指纹"), max_length=8)

    class Meta:
        ordering = ["symbol", "anchor", "pk"]
        verbose_name = verbose_name_plural = _("短链接")
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "language", "anchor", "fingerprint"], name="one_code_per_cited_text"
            )
        ]

    def __str__(self) -> str:
        return self.code


# The revision of the archive: a number that only grows, raised by the database on every change.

REFERENCE_DATA = 0


class Revision(models.Model):
    """The archive's revision, in one row with the key 1.

    ``token`` is random anew at each raise: an archive that was restored from an older backup and changed
    again comes to the same number with other words. Two revisions are the same where both are equal.
    """

    number = models.BigIntegerField(default=0)
    token = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_revision")]

    def __str__(self) -> str:
        return f"{self.number}-{self.token}"


class DocumentRevision(models.Model):
    """The revision at which the rows of one document last changed.

    The row outlives its document. ``document_id`` 0 stands for the reference data: names of bodies, States,
    resolutions, series, treaties and themes. ``indexed`` is the revision, ``number-token``, at which
    something changed last that the search index holds.
    """

    document_id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)
    token = models.CharField(max_length=32, blank=True)
    indexed = models.CharField(max_length=60, blank=True, db_default="")

    def __str__(self) -> str:
        return f"{self.document_id}: {self.number}-{self.token}"


# The search index of a site whose hosts ask a cluster. The index of one machine says the same in its folder.


class SearchIndex(models.Model):
    """The index that answers now, in one row with the key 1: its name on the cluster, the ``token`` of the
    act that made it so, and its manifest as JSON, with the mark of each document. ``withheld`` is what was
    withheld when all indexes of the site were built without it.
    """

    generation = models.CharField(max_length=100)
    token = models.CharField(max_length=32)
    manifest = models.TextField()
    withheld = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_search_index")]

    def __str__(self) -> str:
        return self.generation
