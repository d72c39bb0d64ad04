"""Texts that were replaced by others of the same fingerprint (， by ,) get the row that was not written then."""

from datetime import timedelta

from django.db import migrations
from django.db.models import F, OuterRef, Subquery

CAUSE = "source"
REASON = "字形有过改动，当时没有记入历次文字，升级时补记"


def add_missing_rows(apps, schema_editor):
    """Close what the history still calls standing, and open what stands, where their characters differ.

    When it changed is not known; it was at the latest when the document last changed.
    """
    issued, paragraphs = apps.get_model("archive", "IssuedText"), apps.get_model("archive", "Paragraph")
    standing = issued.objects.filter(until=None)
    shown = paragraphs.objects.filter(
        document__symbol=OuterRef("symbol"), document__language=OuterRef("language"), anchor=OuterRef("anchor")
    )
    rows = standing.annotate(
        now=Subquery(shown.values("text")[:1]),
        of_now=Subquery(shown.values("fingerprint")[:1]),
        changed=Subquery(shown.values("document__changed")[:1]),
    )
    wrong = rows.filter(of_now=F("fingerprint")).exclude(now=F("text"))
    for row in list(wrong.order_by("pk")):
        moment = max(row.changed, row.since + timedelta(microseconds=1))
        issued.objects.filter(pk=row.pk).update(until=moment, ending="edited", cause=CAUSE, reason=REASON)
        issued.objects.create(
            symbol=row.symbol,
            language=row.language,
            anchor=row.anchor,
            fingerprint=row.fingerprint,
            text=row.now,
            since=moment,
            since_cause=CAUSE,
            since_reason=REASON,
        )


class Migration(migrations.Migration):
    dependencies = [("archive", "0008_revision")]

    operations = [migrations.RunPython(add_missing_rows, migrations.RunPython.noop)]
