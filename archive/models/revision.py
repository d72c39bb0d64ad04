"""The revision of the archive: a number that only grows, raised by the database on every change.

Triggers write these rows (``migrations._revision_triggers`` says of which tables), whoever changes the
archive: commands, editors, a shell, SQL. ``archive.revision`` reads them.
"""

from __future__ import annotations

from django.db import models

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


# What pages count over everything, kept by whoever writes: the tables of ``archive.summaries``.


class Figures(models.Model):
    """The numbers of ``documents``, ``paragraphs`` and ``mentions`` for a ``key`` of ``subject``."""

    subject = models.CharField(max_length=12)
    key = models.CharField(max_length=100)
    documents = models.PositiveIntegerField()
    paragraphs = models.PositiveIntegerField()
    mentions = models.PositiveIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.subject} {self.key}: {self.documents}, {self.paragraphs}, {self.mentions}"


class Summary(Figures):
    """A line of a summary: the sum of all shares of the same subject and key."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "key"], name="summary_once")]


class Share(Figures):
    """The contribution of one document to a summary: the row outlives its document until it is subtracted."""

    document_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document_id", "subject", "key"], name="share_once")]


class SummaryRevision(models.Model):
    """The revision of the archive of which the summaries speak, in one row with the key 1."""

    number = models.BigIntegerField()
    token = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_summary_revision")]

    def __str__(self) -> str:
        return f"{self.number}-{self.token}"
