"""The archive's tables.

``documents`` (with their paragraphs), ``mentions``: what is held. ``references``: bodies, States, resolutions
and series that documents speak of, and what the program brought of all this. ``history``: what was ever
issued under an address, how often all of it changed, and what is counted over all of it. ``fetching``: how it
came in, what was asked of the UN, what its catalogue says, what was sent by hand and is not decided on.
``querysets``: how it is read.
"""

from .documents import Document, DroppedLine, Paragraph, SecondOriginal, SourceFile, SymbolAlias
from .fetching import CatalogueRecord, FetchAttempt, ImportOutcome, ImportRun, IntakeBatch, IntakeItem
from .history import (
    Cause,
    DocumentRevision,
    IssuedText,
    MovedAnchor,
    RetiredDocument,
    Revision,
    SearchIndex,
    ShortLink,
)
from .mentions import BodyMention, Mention, OwnReference, Pinpoint, StateMention, ThemeMention, TreatyMention
from .references import (
    Body,
    DocumentSeries,
    Resolution,
    ShippedRecord,
    State,
    Theme,
    ThesaurusConcept,
    Treaty,
)
