"""What pages count over everything, kept by whoever writes: the tables of ``archive.summaries``.

All of it can be counted anew from the other tables; nothing here is history.
"""

from __future__ import annotations

from django.db import models


class Figures(models.Model):
    """How many ``documents``, ``paragraphs`` and ``mentions`` there are of a ``key`` of ``subject``."""

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
    """What one document adds to a summary, or added: the row outlives its document until that is counted."""

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
