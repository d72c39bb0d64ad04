"""Results of a search, and what is like a paragraph or a text."""

from __future__ import annotations

import msgspec

from archive.http.paging import ListPage
from archive.presenters.concepts import ConceptLine
from archive.presenters.diff import Change
from archive.search_index import Uncovered
from archive.values import UNSET, Counted, Day, Fingerprint, Moment, Schema, Span, UnsetType


class ComparedCorpus(Schema, frozen=True, kw_only=True):
    """Over how many paragraphs was compared, and what of the archive they cover."""

    paragraphs: int
    revision: str
    index_revision: str
    certified: bool
    uncovered: list[Uncovered]
    uncovered_documents: int
    uncovered_paragraphs: int


class Corpus(Schema, frozen=True, kw_only=True):
    """Over what was searched, when it was indexed, and what of the archive it covers."""

    paragraphs: int
    documents: int
    indexed_at: Moment
    revision: str
    index_revision: str
    certified: bool
    uncovered: list[Uncovered]
    uncovered_documents: int
    uncovered_paragraphs: int


class Hit(Schema, frozen=True, kw_only=True):
    """A result; ``highlights`` are offsets in ``text``, in code points; ``snippet`` is HTML; ``near``: it
    is near in meaning, found by no word, and in no total; ``ocr_confidence``, from 0 to 100,
    is told of text that was recognized in a picture.
    """

    url: str
    symbol: str
    anchor: str
    fingerprint: Fingerprint
    place: str
    title: str
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    who: str | None
    kind: str
    ocr_confidence: int | None
    text: str
    snippet: str
    highlights: list[Span]
    near: bool


class AddedTerm(Schema, frozen=True, kw_only=True):
    """A term that was added to a word; ``finds``: it finds paragraphs, else it raises what others find."""

    term: str
    relation: str
    finds: bool
    weight: float
    concept: str | None


class Expansion(Schema, frozen=True, kw_only=True):
    """The terms added for a word of the query; ``absent``: it stands in no paragraph itself."""

    text: str
    absent: bool
    terms: list[AddedTerm]


class ConceptLink(Schema, frozen=True, kw_only=True):
    """A concept of the thesaurus."""

    slug: str
    name: str
    url: str


class SearchTotal(Schema, frozen=True, kw_only=True):
    """What was found. ``occurrences`` is null where words were asked, ``all_words`` counts
    the paragraphs with all of them, ``as_typed`` those without the terms that were added.
    """

    occurrences: int | None
    paragraphs: int
    documents: int
    all_words: int | None
    as_typed: int


class Facets(Schema, frozen=True, kw_only=True):
    """Values and how many paragraphs of the list have each."""

    year: list[Counted]
    cites: list[Counted]
    state: list[Counted]
    body: list[Counted]
    mentioned: list[Counted]
    document_type: list[Counted]


class AsTyped(Schema, frozen=True, kw_only=True):
    """What would be found without the terms that were added."""

    paragraphs: int
    documents: int
    facets: Facets


class HitsOfDocument(Schema, frozen=True, kw_only=True):
    """A document with its first results."""

    symbol: str
    title: str
    paragraphs: int
    results: list[Hit]


class Jump(Schema, frozen=True, kw_only=True):
    """The page of what the query names."""

    label: str
    url: str
    held: bool


class NamedEntity(Schema, frozen=True, kw_only=True):
    """A thing that the query names, how it is named there, and the paragraphs that mention it."""

    text: str
    kind: str
    key: str
    label: str
    url: str
    how: str
    name: str
    paragraphs: int


class OtherWriting(Schema, frozen=True, kw_only=True):
    """Another way to write the query that finds something."""

    text: str
    count: int
    by: str


class AbsentPart(Schema, frozen=True, kw_only=True):
    """A part of the query that stands nowhere: the pieces of it that do."""

    text: str
    pieces: list[Counted]
    inside: int


class QueryProblem(Schema, frozen=True, kw_only=True):
    """What of the query could not be understood; ``at``: where, in code points of the query."""

    code: str
    at: int
    text: str
    message: str


class Search(Schema, frozen=True, kw_only=True):
    """The results of a search, and how it was understood. ``groups`` where results are grouped by document;
    ``variants``, ``corrections``, ``nearby``: other words and how often they stand. ``near``: how many of the
    list are near in meaning and found by no word; where words find nothing, these are the list.
    """

    query: str
    understood: str
    mode: str
    tokens: list[str]
    asking: list[str]
    expansions: list[Expansion]
    concepts: list[ConceptLink]
    added: dict[str, list[str]]
    total: SearchTotal
    as_typed: AsTyped | None
    literal: int | None
    near: int
    results: list[Hit]
    groups: list[HitsOfDocument] | None
    facets: Facets
    filters: dict[str, list[str]]
    sort: str
    page: int
    pages: int
    next: str | None
    jump: Jump | None
    entities: list[NamedEntity]
    variants: list[Counted]
    otherwise: list[OtherWriting]
    written: str | None
    corrections: list[tuple[str, str, int]]
    absent: list[AbsentPart]
    nearby: list[Counted]
    corpus: Corpus
    errors: list[QueryProblem]


# What the whole has no use for.
PAGED = frozenset(("results", "near", "groups", "page", "pages", "next"))
WholeSearch = msgspec.defstruct(
    "WholeSearch",
    [
        *((row.name, row.type) for row in msgspec.structs.fields(Search) if row.name not in PAGED),
        ("results", list[Hit]),
    ],
    bases=(Schema,),
    namespace={"__doc__": "All results of a search, the same but for what belongs to pages."},
    module=__name__,
    kw_only=True,
)


class AdvancedFields(Schema, frozen=True, kw_only=True):
    """The fields of the form; empty where nothing is asked."""

    words: str
    all: str
    phrase: str
    any: str
    none: str
    near1: str
    near2: str
    distance: str
    order: str
    since: str
    until: str
    country: str
    organ: str
    naming: str
    kind: str
    resolution: str
    symbol: str
    speaker: str
    title: str
    heading: str
    footnote: str
    rest: str


class AdvancedSearch(Schema, frozen=True, kw_only=True):
    """A form as a query; ``url`` of its results, null where it asks nothing."""

    fields: AdvancedFields
    query: str
    filters: dict[str, list[str]]
    url: str | None
    errors: list[str]


class Destination(Schema, frozen=True, kw_only=True):
    """A document or paragraph that was meant."""

    label: str
    url: str
    kind: str
    title: str | None


class Destinations(Schema, frozen=True, kw_only=True):
    """What was typed, how it was read (``parts``: piece and meaning), and where it leads."""

    typed: str
    understood: str | None
    parts: list[tuple[str, str]]
    targets: list[Destination]
    nearest: list[Destination]
    search: str


class Suggestion(Schema, frozen=True, kw_only=True):
    """Something to ask for; ``why`` where it has another name."""

    text: str
    kind: str
    label: str
    url: str | None
    count: int | None
    why: str | None


class Suggestions(Schema, frozen=True, kw_only=True):
    """What may be meant by what is typed so far."""

    query: str
    suggestions: list[Suggestion]


class ConceptNeighbours(Schema, frozen=True, kw_only=True):
    """The concepts around one."""

    broader: list[ConceptLink]
    narrower: list[ConceptLink]
    related: list[ConceptLink]


class ConceptUsage(Schema, frozen=True, kw_only=True):
    """The paragraphs that use a concept: all counted, by term, and the first of them."""

    query: str
    url: str
    paragraphs: int
    documents: int
    terms: list[Counted]
    results: list[Hit]


class Concept(ConceptLine, frozen=True, kw_only=True):
    """A concept; ``used`` and ``corpus`` are null where the index is out of order."""

    branch_name: str
    neighbours: ConceptNeighbours
    used: ConceptUsage | None
    corpus: Corpus | None


class SharedWord(Schema, frozen=True, kw_only=True):
    """A word that was compared, and how many paragraphs hold it."""

    word: str
    paragraphs: int


class SimilarParagraph(Schema, frozen=True, kw_only=True):
    """A paragraph, the words it shares, where; ``also``: where the same text stands."""

    url: str
    symbol: str
    anchor: str
    place: str
    title: str
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    who: str | None
    kind: str
    ocr_confidence: int | None
    text: str
    shared: list[str]
    highlights: list[Span]
    repeats: bool
    also: list[str]


class Similar(Schema, frozen=True, kw_only=True):
    """The words that were compared, heaviest first, and the paragraphs that share them."""

    words: list[SharedWord]
    results: list[SimilarParagraph]
    corpus: ComparedCorpus


class SimilarToParagraph(Schema, frozen=True, kw_only=True):
    """The paragraphs that share most words with one; ``indexed``: the index knows it."""

    url: str
    ocr_confidence: int | None
    text: str
    indexed: bool
    words: list[SharedWord]
    results: list[SimilarParagraph]
    corpus: ComparedCorpus
    repeats_left_out: int
    parallels: str


class Parallel(Schema, frozen=True, kw_only=True):
    """A paragraph with the same run of words: how many characters, and where in either text."""

    url: str
    symbol: str
    anchor: str
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    ocr_confidence: int | None
    text: str
    shared: int
    here: list[Span]
    there: list[Span]


class FirstAppearance(Schema, frozen=True, kw_only=True):
    """A piece of the text, and where it stood first; ``url`` is null where that is here."""

    start: int
    end: int
    url: str | None
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    ocr_confidence: int | None


class ClauseOfResolution(Schema, frozen=True, kw_only=True):
    """The same clause in a resolution of the family; ``changes`` from the one before, null in the first."""

    url: str
    symbol: str
    anchor: str
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    ocr_confidence: int | None
    text: str
    changes: list[Change] | None


class Parallels(Schema, frozen=True, kw_only=True):
    """The paragraphs that share a run of at least ``least`` characters with one."""

    url: str
    ocr_confidence: int | None
    text: str
    indexed: bool
    least: int
    total: int
    parallels: list[Parallel]
    first_appearances: list[FirstAppearance]
    through_resolutions: list[ClauseOfResolution]
    page: ListPage
    corpus: ComparedCorpus


class PostedText(Schema, frozen=True, kw_only=True):
    """What to post as an object or a form; ``file``: its kinds."""

    text: str
    file: str | UnsetType = UNSET


class SimilarLimits(Schema, frozen=True, kw_only=True):
    """The longest text, the most words compared, the most results."""

    characters: int
    words: int
    results: int


class SimilarExplained(Schema, frozen=True, kw_only=True):
    """What to post, by media type; nothing is stored."""

    post: dict[str, PostedText | str]
    limits: SimilarLimits
    stored: bool
