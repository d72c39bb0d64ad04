"""The index schema: one row for each paragraph, the one definition that every engine builds its own from.

Fields with an ``analyzer`` are tokenised, other indexed fields have exact values for filters and facets, the
rest is only stored, so that a page of results needs no database. Nothing here is in readers' words: values
and codes are stored, besides the document's own text, and worded where they are shown (``index.labels``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from haystack import indexes

from archive.models import BodyMention, Document, Paragraph
from archive.store.addresses.locations import location_of
from archive.text.folding import fold_words
from archive.text.pinpoints.anchors import numbered_as
from archive.text.pinpoints.value import endings
from archive.text.symbols.symbol import symbols_within
from search.query.text.analyzer import analyze

# Headings that say only what every document of the kind says are no context.
NO_CONTEXT = frozenset({"organ", "annex_label", "contents"})


VOICE = (
    *("speaker_name", "speaker_honorific", "speaker_delegation", "speaker_status", "speaker_capacity"),
    "submitter_name",
)


class ValuesField(indexes.SearchField):
    """A few values by name, stored as they are."""

    field_type = "values"

    def __init__(self) -> None:
        super().__init__(indexed=False)


class ParagraphIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True, model_attr="text", analyzer=analyze)
    context = indexes.CharField(analyzer=analyze, stored=False)

    document = indexes.CharField(model_attr="document_id", stored=False)
    symbol = indexes.CharField(model_attr="document__symbol")
    year = indexes.CharField()
    language = indexes.CharField(model_attr="document__language")
    document_type = indexes.CharField(model_attr="document__document_type")
    sort_date = indexes.CharField()
    since_revision = indexes.CharField()
    kind = indexes.CharField(model_attr="kind")
    cites = indexes.MultiValueField()
    state = indexes.MultiValueField()
    body = indexes.MultiValueField()
    mentioned = indexes.MultiValueField()
    named = indexes.MultiValueField()
    pinpoint = indexes.MultiValueField()
    anchor = indexes.CharField(model_attr="anchor")
    ending = indexes.MultiValueField()
    speaker = indexes.MultiValueField()

    position = indexes.IntegerField(model_attr="position", indexed=False)
    fingerprint = indexes.CharField(model_attr="fingerprint", indexed=False)
    title = indexes.CharField(model_attr="document__title", indexed=False)
    ocr_confidence = indexes.IntegerField(model_attr="ocr_confidence", indexed=False, null=True)
    location = ValuesField()
    voice = ValuesField()
    since = indexes.CharField(indexed=False)
    date = indexes.CharField(indexed=False)
    communication_date = indexes.CharField(indexed=False)
    meeting_date = indexes.CharField(indexed=False)
    mentions = indexes.MultiValueField(indexed=False)

    def get_model(self) -> type[Paragraph]:
        return Paragraph

    def index_queryset(self, using: str | None = None):
        """Returns all paragraphs with the relations that indexing needs, document by document."""
        return (
            Paragraph.objects.select_related("document__state", "document__body", "state", "body", "parent")
            .prefetch_related(
                "mentions__pinpoints",
                "body_mentions__body",
                "treaty_mentions__treaty",
                "state_mentions__state",
            )
            .with_since()
            .order_by("document_id", "position")
        )

    def build_queryset(self, using=None, start_date=None, end_date=None):
        """Returns all paragraphs for ``update_index``, whatever their age: the update finds what changed."""
        return Paragraph.objects.order_by("pk")

    def prepare_context(self, paragraph: Paragraph) -> str:
        """Returns headings, speaker or submitter, and document title: one a line, nearest first."""
        above = [heading.text for heading in _headings_above(paragraph) if heading.role not in NO_CONTEXT]
        who = [paragraph.submitter_name, paragraph.speaker_delegation, paragraph.speaker_capacity]
        return "\n".join(dict.fromkeys(filter(None, [*who, *above, paragraph.document.title])))

    def prepare_year(self, paragraph: Paragraph) -> str:
        return str(paragraph.document.year or "")

    def prepare_sort_date(self, paragraph: Paragraph) -> str:
        return _iso(paragraph.document.sort_date)

    def prepare_date(self, paragraph: Paragraph) -> str:
        return _iso(paragraph.document.date)

    def prepare_communication_date(self, paragraph: Paragraph) -> str:
        return _iso(paragraph.document.communication_date)

    def prepare_meeting_date(self, paragraph: Paragraph) -> str:
        return _iso(paragraph.document.meeting_date)

    def prepare_since(self, paragraph: Paragraph) -> str:
        """Returns the time of publication here: shown, never sorted by, for clocks go wrong."""
        since = paragraph.since or paragraph.document.imported
        return since.astimezone(dt.UTC).isoformat(timespec="microseconds")

    def prepare_since_revision(self, paragraph: Paragraph) -> str:
        """Returns the revision that published the words, in fixed width: it sorts as text."""
        return f"{paragraph.since_revision or 0:020}"

    def prepare_cites(self, paragraph: Paragraph) -> list[str]:
        """Returns the symbols that the paragraph certainly mentions, each once; of a pair also either."""
        certain = (mention.symbol for mention in paragraph.mentions.all() if mention.certain)
        return list(dict.fromkeys(one for symbol in certain for one in symbols_within(symbol)))

    def prepare_mentions(self, paragraph: Paragraph) -> list[tuple[int, int, str]]:
        """Returns the mentions with their spans, and other named entities, for highlighting."""
        return [
            *(
                (mention.start, mention.end, mention.symbol)
                for mention in paragraph.mentions.all()
                if mention.certain
            ),
            *_namings(paragraph),
        ]

    def prepare_named(self, paragraph: Paragraph) -> list[str]:
        """Returns the States, treaties and bodies named in the text, not only by 委员会; each once."""
        return list(dict.fromkeys(code for _start, _end, code in _namings(paragraph)))

    def prepare_pinpoint(self, paragraph: Paragraph) -> list[str]:
        """The paragraphs of documents that the text cites: S/RES/1540(2004) 3.a, and 3, which holds it; with
        the section that is named, and without."""
        cited = (
            (mention.symbol, anchor.split("."))
            for mention in paragraph.mentions.all()
            if mention.certain
            for pinpoint in mention.pinpoints.all()
            for anchor in (pinpoint.anchor, numbered_as(pinpoint.anchor, sections=False))
        )
        places = (
            f"{symbol} {'.'.join(levels[:size])}"
            for symbol, levels in cited
            for size in range(len(levels), 0, -1)
        )
        return list(dict.fromkeys(places))

    def prepare_ending(self, paragraph: Paragraph) -> list[str]:
        """Returns the anchor as it may be cited without its part: 14 for annex.14."""
        return endings(paragraph.anchor)[1:]

    def prepare_state(self, paragraph: Paragraph) -> list[str]:
        """Returns the State that speaks or replies, else the one that sent the document."""
        state = paragraph.state or paragraph.document.state
        return [state.alpha3] if state else []

    def prepare_body(self, paragraph: Paragraph) -> list[str]:
        """Returns the body that speaks or replies, else the one that sent the document."""
        body = paragraph.body or (None if paragraph.state_id else paragraph.document.body)
        return [body.slug] if body else []

    def prepare_mentioned(self, paragraph: Paragraph) -> list[str]:
        """Returns the bodies that the text names, each once."""
        return list(dict.fromkeys(mention.body.slug for mention in paragraph.body_mentions.all()))

    def prepare_speaker(self, paragraph: Paragraph) -> list[str]:
        """Returns the names that find a speaker: the full name, its last part, the delegation."""
        name = paragraph.speaker_name
        names = [name, *name.split()[-1:], paragraph.speaker_delegation, paragraph.submitter_name]
        return list(dict.fromkeys(fold_words(name) for name in names if name))

    def prepare_location(self, paragraph: Paragraph) -> dict[str, str]:
        """Returns the paragraph's location in its document, as values; worded where it is shown."""
        return location_of(paragraph, lambda block: block.parent).as_values()

    def prepare_voice(self, paragraph: Paragraph) -> dict[str, str]:
        """Returns the speaker or submitter as the document prints the name, by field."""
        return {name: value for name in VOICE if (value := getattr(paragraph, name))}


def _iso(date: dt.date | None) -> str:
    return date.isoformat() if date else ""


def _namings(paragraph: Paragraph) -> Iterator[tuple[int, int, str]]:
    """Generates the spans and terms (state:IND) of States, treaties and bodies named by own names."""
    for mention in paragraph.state_mentions.all():
        yield mention.start, mention.end, f"state:{mention.state.alpha3}"
    for cited in paragraph.treaty_mentions.all():
        yield cited.start, cited.end, f"treaty:{cited.treaty.slug}"
    for named in paragraph.body_mentions.all():
        if named.form != BodyMention.Form.CONTEXTUAL:
            yield named.start, named.end, f"body:{named.body.slug}"


def _headings_above(paragraph: Paragraph) -> Iterator[Paragraph]:
    above = paragraph.parent
    while above is not None:
        if above.kind == Paragraph.Kind.HEADING:
            yield above
        above = above.parent


def paragraphs_of(documents: Iterable[int]) -> Iterator[Paragraph]:
    """Generates the paragraphs of the documents in order; a paragraph's parents are those of the same read,
    not queried.
    """
    for document in (
        Document.objects.filter(pk__in=list(documents)).order_by("pk").values_list("pk", flat=True)
    ):
        paragraphs = list(ParagraphIndex().index_queryset().filter(document=document))
        by_id = {paragraph.pk: paragraph for paragraph in paragraphs}
        for paragraph in paragraphs:
            paragraph.parent = by_id.get(paragraph.parent_id)
        yield from paragraphs
