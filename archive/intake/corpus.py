"""The public corpus of the Council's resolutions (CR-UNSC: Fobbe, Gasbarri, Ridi) as a source of documents.

A table (CSV, or the ZIP with it) has a row for each resolution, facts and text layers; an archive beside it
(``…_ALL_TXT.zip``) has the same layers as files. Those of the table went through a removal of hyphens that
took figures along. Both are read as streams: what is in memory is one row.

The original that is stored is the layer of a language, byte for byte; its sidecar says where it is from, and
what the row says of date and meeting, so that text and row check each other. A row gives a document for each
wanted language, each with an original of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo, is_zipfile

from django.utils.translation import gettext as _

from archive.intake.catalogue import Record, store_records
from archive.intake.catalogue.marc import LONGEST, BadRecordError, is_link, plain, record_of
from archive.intake.fetching.examine import NAMES
from archive.intake.importing import NotRead, printable
from archive.intake.importing.packed import BROKEN, MOST_MEMBERS, damaged
from archive.store.ingest.facts import canonical_symbol
from archive.store.ingest.values import RefusedError, Source
from archive.text.language import language_of
from archive.text.reader import LARGEST_SOURCE
from archive.text.symbols.symbol import un_url

NAME = "CR-UNSC"
NEEDED = ("symbol", "body", "doctype")
COLUMNS = re.findall(
    r"\w+",
    """
    body call_number committee_report date doc_id doctype draft meeting_no meeting_record related_resource
    res_no symbol year nchars npages nsentences ntokens ntypes text text_ar text_draft text_es text_fr
    text_meeting text_ru text_zh agenda_information aggression chapter6 chapter7 chapter8 contains
    human_rights notes other_titles peace_breach peace_threat self_defence series subjects summary title
    topic vote_abstention vote_date vote_detail vote_no vote_nonvote vote_summary vote_total vote_yes
    iso_alpha3 iso_name m49_countrycode m49_region m49_region_intermediate m49_region_sub
    url_record url_record_draft url_record_meeting doi_concept doi_version license version
    """,
) + [
    f"url_{of}_{code}" for of in ("res", "draft", "meeting") for code in ("ar", "en", "es", "fr", "ru", "zh")
]
MISSING = "NA"
LONGEST_ROW = 16_000_000  # characters; the longest known texts of a row have some 3 million
MOST_CHARACTERS = 2_000_000_000  # of a table; those known have some 200 million
MOST_ROWS = 100_000
_RESOLUTION = re.compile(r"S/RES/\d+\(\d{4}\)")
_GOLD = "_GOLD.txt"  # how texts end that people revised
_FILE = re.compile(r"(?:.*/)?(?:txt_)?res_[a-z]{2}(?:_gold)?/(S_RES_\d+_\d{4}_([A-Z]{2}))(?:_GOLD)?\.txt")
_CSV = re.compile(r"(?!__MACOSX/).*\.csv", re.IGNORECASE)


LAYERS = {"zh": ("text_zh", 900), "en": ("text", 1)}
"""The column of each language, and the first resolution of which its texts are good: those before were
recognized in scans of pages with other resolutions too; in English people revised them.
"""


class Row(NamedTuple):
    """A row of the table; ``number`` counts from 1, the line of the names."""

    symbol: str
    number: int
    fields: Mapping[str, str]

    def fact(self, name: str) -> str:
        """Returns the value of the column ``name``, on one line; empty where it is missing."""
        value = self.fields.get(name, MISSING)
        return "" if value == MISSING else plain(value)


@dataclass(slots=True)
class Survey:
    """Counts of a table, made before any import: the ``places`` of each wanted symbol, what the column of
    each wanted language holds, by language found, and the versions that the rows name.
    """

    rows: int = 0
    places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    languages: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    versions: Counter[str] = field(default_factory=Counter)
    absent: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)

    @property
    def wanted(self) -> int:
        return sum(map(len, self.places.values()))


class _AsideError(Exception):
    """A row of which nothing is to be had, and why: no fault of the file."""


Item = Source | NotRead | tuple[str, RefusedError]


class Corpus:
    """A table and, where given, the archive of texts, of which the texts in ``languages`` are wanted."""

    def __init__(
        self, table: Path, member: ZipInfo | None, texts: ZipFile | None, languages: Sequence[str]
    ) -> None:
        self._table, self._member, self._texts, self.languages = table, member, texts, languages
        self.size = member.file_size if member else table.stat().st_size
        self.read = 0  # bytes of the table, so far
        self._layers: dict[str, list[ZipInfo]] = defaultdict(list)
        for one in texts.infolist() if texts else ():
            if (file := _FILE.fullmatch(one.filename)) and file[2].lower() in languages:
                self._layers[file[1]].append(one)
        of = Counter(name[-2:].lower() for name in self._layers)
        self.layers = {language: of[language] for language in languages} if texts else {}
        """How many layers in each language the archive of texts has; empty without one."""

    def survey(self, wanted: set[str] | None, seen: Callable[[], object] = lambda: None) -> Survey:
        """Reads the table through, taking nothing; ``seen`` is called after each row.

        Raises RefusedError, with the place, where the file cannot be read to its end.
        """
        found = Survey()
        for row in self._rows(found):
            found.rows += 1
            for language in self.languages:
                found.languages[language][_what_is(row.fields.get(LAYERS[language][0], MISSING))] += 1
            if len(found.versions) < 5:
                found.versions["，".join(_edition(row))] += 1
            with suppress(RefusedError):
                symbol = _canonical(row)
                if wanted is None or symbol in wanted:
                    found.places[symbol].append(row.number)
            seen()
        if not found.rows:
            raise RefusedError(_("表中没有一行。"))
        return found

    def items(self, survey: Survey, wanted: set[str] | None, *, dry_run: bool) -> Iterator[Item]:
        """Generates the import items of each wanted row, one in each language: a source with its sidecar, or
        the reason for refusing it. A row whose symbol cannot be read is an error only where all are wanted.

        The catalogue facts of every resolution among them are stored on the way, except in a dry run.
        """
        for row in self._rows(Survey()):
            place = f"{printable(self._table.name)}:{row.number}"
            try:
                symbol = _canonical(row)
            except RefusedError as error:
                yield (place, error) if wanted is None else NotRead(place, str(error).rstrip("。"))
                continue
            if wanted is not None and symbol not in wanted:
                continue
            row = row._replace(symbol=symbol)
            try:
                _check_row(row, survey, dry_run)
            except RefusedError as error:
                yield place, error
                continue
            for language in self.languages:
                try:
                    yield self._source_of(row, language)
                except _AsideError as error:
                    yield NotRead(f"{place} {symbol}", str(error))
                except RefusedError as error:
                    yield place, error

    def _source_of(self, row: Row, language: str) -> Source:
        number, year = _number_of(row)
        column, first = LAYERS[language]
        if number < first:
            told = _("第%(first)d号以前的%(language)s本是从扫描页识别的，同页还有别的决议，没有收")
            raise _AsideError(told % {"first": first, "language": NAMES[language]})
        name = f"S_RES_{number:04}_{year}_{language.upper()}"
        layer, where = self._layer(row, name, column)
        if (found := _what_is(layer)) != language:
            raise _AsideError(_is_another(found, language))
        return Source(f"{name}.txt", layer.encode("utf-8"), sidecar_for(row, where, language))

    def _layer(self, row: Row, name: str, column: str) -> tuple[str, str]:
        """Returns a layer, from the archive of texts if that has one, and its origin in words."""
        files = self._layers.get(name, [])
        files = [one for one in files if one.filename.endswith(_GOLD)] or files
        if len(files) > 1:
            raise RefusedError(_("文本包中有两份%(name)s，不知道该取哪一份。") % {"name": name})
        if files and self._texts:
            _check(files[0])
            try:
                with self._texts.open(files[0]) as file:
                    content = file.read(LARGEST_SOURCE + 1)
                if len(content) > LARGEST_SOURCE:
                    raise RefusedError(_("文本包中的%(name)s过大。") % {"name": name})
                layer = content.decode("utf-8")
            except RefusedError:
                raise
            except UnicodeDecodeError as error:
                raise RefusedError(_("文本包中的%(name)s不是UTF-8。") % {"name": name}) from error
            except BROKEN as error:
                raise RefusedError(damaged()) from error
            if layer.strip():
                return layer, _("文字取自文本包中的%(name)s，信息取自表格") % {"name": files[0].filename}
        return row.fields.get(column, MISSING), _(
            "文字和信息都取自表格；表格的%(column)s列去过连字符，拉丁字母之间的数字可能随之失去"
        ) % {"column": column}

    def _rows(self, survey: Survey) -> Iterator[Row]:
        """Generates the rows as written, their symbols as spelled; reports the columns to ``survey``."""
        with ExitStack() as stack:
            raw: IO[bytes] = stack.enter_context(self._table.open("rb"))
            if self._member:
                _check(self._member)
                raw = stack.enter_context(stack.enter_context(ZipFile(raw)).open(self._member))
            text = io.TextIOWrapper(raw, "utf-8-sig", "surrogateescape", newline="")
            lines = _Lines(text)
            rows = csv.reader(lines, strict=True)
            number = 1
            try:
                columns = self._columns(next(rows, []), survey)
                for number, values in enumerate(rows, start=2):
                    lines.of_row = 0
                    self.read = raw.tell()
                    if number > MOST_ROWS + 1:
                        raise RefusedError(_("行数过多（最多%(most)d行），没有读。") % {"most": MOST_ROWS})
                    if values:
                        fields = dict(zip(columns, values, strict=False))
                        if len(values) != len(columns):
                            fields = {"": str(len(values))}
                        yield Row(fields.get("symbol", ""), number, fields)
            except csv.Error as error:
                told = {"number": number + 1, "error": error}
                raise RefusedError(_("第%(number)d行起读不下去（%(error)s），请重新下载。") % told) from error
            except RefusedError:
                raise
            except BROKEN as error:
                raise RefusedError(damaged()) from error

    def _columns(self, names: Sequence[str], survey: Survey) -> list[str]:
        """Returns the column names. Raises RefusedError where a needed one is absent, or one occurs twice."""
        names = [name.strip() for name in names]
        layers = [] if self._layers else [LAYERS[language][0] for language in self.languages]
        needed = (*NEEDED, *layers)
        if absent := [name for name in needed if name not in names]:
            with_texts, form = _("不带正文的，须同时给出ALL_TXT.zip"), _("须是UTF-8、以逗号分隔")
            told = {"columns": "、".join(absent), "advice": with_texts if {*absent} <= {*layers} else form}
            raise RefusedError(_("不是语料库的表格：缺少列%(columns)s（%(advice)s）。") % told)
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise RefusedError(_("列%(columns)s出现了不止一次。") % {"columns": "、".join(twice[:9])})
        survey.absent = [name for name in COLUMNS if name not in names]
        survey.new = [printable(name)[:60] for name in names if name not in COLUMNS]
        return names


@dataclass(slots=True)
class _Lines:
    """The lines of a table: no row and no table is read beyond its bound."""

    file: IO[str]
    of_row: int = 0
    all: int = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_ROW + 1)
        self.of_row += len(line)
        self.all += len(line)
        if self.of_row > LONGEST_ROW:
            raise RefusedError(_("有一行过长（最多%(most)d字），没有读下去。") % {"most": LONGEST_ROW})
        if self.all > MOST_CHARACTERS:
            raise RefusedError(_("表格过大（最多%(most)d字），没有读下去。") % {"most": MOST_CHARACTERS})
        if not line:
            raise StopIteration
        return line


@contextmanager
def opened(
    paths: Sequence[str], languages: Sequence[str] = tuple(LAYERS)
) -> Iterator[tuple[Corpus, dict[str, str]]]:
    """The table and the archive of texts among ``paths``, of which texts in ``languages`` are wanted, and the
    SHA-256 of each file by its name.

    Raises RefusedError where one cannot be read, or they are not one table and at most one archive.
    """
    limit = csv.field_size_limit(LONGEST_ROW)
    tables: list[tuple[Path, ZipInfo | None]] = []
    texts: list[ZipFile] = []
    digests: dict[str, str] = {}
    try:
        with ExitStack() as stack:
            for path in map(Path, paths):
                if not path.is_file():
                    raise RefusedError(_("没有%(file)s这个文件。") % {"file": printable(path.name)})
                try:
                    with path.open("rb") as file:
                        digests[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
                        packed = stack.enter_context(ZipFile(path)) if is_zipfile(path) else None
                        if packed is None and (file.seek(0), file.read(2))[1] == b"PK":
                            raise RefusedError(damaged())
                except OSError as error:
                    names = {"file": printable(path.name), "reason": error.strerror or error}
                    raise RefusedError(_("%(file)s读不出：%(reason)s。") % names) from error
                except BROKEN as error:
                    raise RefusedError(damaged()) from error
                members = packed.infolist() if packed else []
                if len(members) > MOST_MEMBERS:
                    raise RefusedError(_("压缩包所含文件过多，没有读。"))
                found = [one for one in members if _CSV.fullmatch(one.filename)]
                if packed is None or len(found) == 1:
                    tables.append((path, found[0] if found else None))
                elif not found and any(one.filename.endswith(".txt") for one in members):
                    texts.append(packed)
                else:
                    told = {"file": printable(path.name), "count": len(found)}
                    raise RefusedError(_("%(file)s中应恰有一个CSV表格，而有%(count)d个。") % told)
            if len(tables) != 1 or len(texts) > 1:
                raise RefusedError(
                    _("请给出一个表格（…_ALL_CSV_FULL.zip或其中的CSV），另可给出一个…_ALL_TXT.zip。")
                )
            yield Corpus(*tables[0], texts[0] if texts else None, languages), digests
    finally:
        csv.field_size_limit(limit)


def _check(member: ZipInfo) -> None:
    if member.flag_bits & 1:
        raise RefusedError(_("文件有密码；请解开后给出。"))
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise RefusedError(_("压缩方法不常见，没有读；请用普通方法重新压缩。"))


def _canonical(row: Row) -> str:
    """Returns a row's canonical symbol. Raises RefusedError if it is no resolution of the Council."""
    if bad := next((name for name, value in row.fields.items() if not _is_text(value)), ""):
        raise RefusedError(_("%(column)s列不是UTF-8。") % {"column": bad})
    if count := row.fields.get(""):
        raise RefusedError(_("这一行有%(count)s列，与第1行的列数不同。") % {"count": count})
    try:
        symbol = canonical_symbol(row.fact("symbol"))
    except RefusedError as error:
        raise RefusedError(f"“{row.fact('symbol')[:60]}”：{error}") from error
    if not _RESOLUTION.fullmatch(symbol):
        raise RefusedError(_not_of_the_council(symbol, row.fact("doctype")))
    return symbol


def _check_row(row: Row, survey: Survey, dry_run: bool) -> None:
    """Stores the catalogue facts of a row, except in a dry run. Raises RefusedError where it is no
    resolution, or not the only one of its symbol.
    """
    if len(places := survey.places[row.symbol]) > 1:
        told = {"rows": "、".join(map(str, places[:9])), "symbol": row.symbol}
        raise RefusedError(_("第%(rows)s行都是%(symbol)s，不知道该取哪一行，都没有取。") % told)
    if (kind := (row.fact("body"), row.fact("doctype"))) != ("S", "RES"):
        raise RefusedError(_not_of_the_council(row.symbol, " ".join(kind)))
    _number_of(row)
    record = _record(row)
    if record and not dry_run:
        store_records([record], f"{NAME} {row.fact('version')}".strip())


def _not_of_the_council(symbol: str, kind: str) -> str:
    return _("%(symbol)s（%(kind)s）不是安全理事会的决议。") % {"symbol": symbol, "kind": kind[:60]}


def _is_text(value: str) -> bool:
    """Returns True if all bytes of a field were UTF-8: others were read as surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number_of(row: Row) -> tuple[int, int]:
    number, year = map(int, re.findall(r"\d+", row.symbol))
    told = row.fact("res_no")
    if told.isdecimal() and int(told) != number:
        raise RefusedError(
            _("这一行自相矛盾：文号是%(symbol)s，res_no是%(told)s。") % {"symbol": row.symbol, "told": told}
        )
    return number, year


def _what_is(layer: str) -> str:
    """Returns the language of a layer, or ``missing``, ``empty`` or ``unknown``."""
    if layer == MISSING:
        return "missing"
    if not layer.strip():
        return "empty"
    return language_of(layer) or "unknown"


def _is_another(what: str, language: str) -> str:
    """Words the refusal of a layer in ``language`` whose content ``_what_is`` classified as ``what``."""
    told = {
        "missing": _("没有%(language)s本（NA）"),
        "empty": _("%(language)s本是空的，可能只有扫描的图片"),
        "unknown": _("看不出%(column)s一列里是哪一种语文"),
    }.get(what, _("%(column)s一列里不是%(language)s，而是%(found)s"))
    names = {"column": LAYERS[language][0], "language": NAMES[language], "found": NAMES.get(what)}
    return told % names


def what_in_words(languages: Mapping[str, Counter[str]]) -> str:
    """Words what the column of each wanted language holds, with the number of texts in each language."""
    names, told = (
        {**NAMES, "missing": "NA", "empty": _("空"), "unknown": _("看不出语文")},
        _("%(column)s一列：%(what)s"),
    )
    found = {
        LAYERS[language][0]: "，".join(f"{names[what]} {count}" for what, count in counts.most_common())
        for language, counts in languages.items()
    }
    return "；".join(told % {"column": column, "what": what} for column, what in found.items())


def _edition(row: Row) -> tuple[str, str, str]:
    version, doi, licence = (row.fact(name)[:200] for name in ("version", "doi_version", "license"))
    return (
        _("%(version)s版") % {"version": version} if version else _("版本未写明"),
        f"doi:{doi}" if doi else _("DOI未写明"),
        _("许可：%(licence)s") % {"licence": licence} if licence else _("许可未写明"),
    )


def sidecar_for(row: Row, where: str, language: str) -> str:
    """Writes the sidecar of a row's text in ``language``: its provenance, and the document's facts."""
    number, year = _number_of(row)
    links = [
        told % {"address": address, "language": NAMES[language]}
        for name, told in (
            ("url_record", _("联合国数字图书馆：%(address)s")),
            (f"url_res_{language}", _("%(language)s本：%(address)s")),
        )
        if is_link(address := row.fact(name)) and len(address) <= 300
    ]
    edition = _edition(row)
    corpus = _("语料库CR-UNSC（Corpus of Resolutions: UN Security Council）")
    provenance = "；".join([f"{corpus}{'，'.join(edition)}", *links, where]) + "。"
    compare: dict[str, str | int] = {"symbol": row.symbol}
    years = [int(told) for told in [row.fact("year")] if told.isdecimal() and 0 < int(told) < 10_000]
    with suppress(ValueError):
        adopted = date.fromisoformat(row.fact("date"))
        years.append(adopted.year)
        if adopted.year == year:
            compare["meeting_date"] = adopted.isoformat()
    compare["year"] = next((told for told in years if told != year), year)
    if row.fact("meeting_no").isdecimal():
        compare["meeting"] = str(int(row.fact("meeting_no")))
    stated = {
        "provenance": provenance,
        "format": "pdf",  # the layer is that of a PDF file: whatever is read from the file itself is better
        "change_cause": "source",
        "change_reason": _("按语料库CR-UNSC%(version)s") % {"version": edition[0]},
    }
    return _toml(stated) + "\n[compare]\n" + _toml(compare)


def _toml(values: Mapping[str, str | int]) -> str:
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())


def _record(row: Row) -> Record | None:
    """Builds a catalogue record from a row, with links to draft, meeting record and vote."""
    votes = [row.fact(f"vote_{name}") for name in ("yes", "no", "abstention")]
    voted = ""
    if all(vote.isdecimal() for vote in votes) and int(votes[0]):  # 0 where it is not known
        names = dict(zip(("yes", "no", "abstention"), map(int, votes), strict=True))
        voted = _("（%(yes)d票赞成、%(no)d票反对、%(abstention)d票弃权）") % names
    library = row.fact("url_record")
    links = [(library, _("联合国数字图书馆的记录%(voted)s") % {"voted": voted})]
    for name, column, told in (
        ("draft", "url_record_draft", _("决议草案%(symbol)s")),
        ("meeting_record", "url_record_meeting", _("会议记录%(symbol)s")),
    ):
        if symbol := row.fact(name)[:100]:
            address = row.fact(column).split("|")[0]
            links.append((address if is_link(address) else un_url(symbol) or "", told % {"symbol": symbol}))
    number = re.search(r"/record/(\d+)", library)
    listed = [[part for part in row.fact(name).split("|") if len(part) <= LONGEST] for name in _LISTED]
    with suppress(BadRecordError):  # where the row says nothing of all that
        return record_of(
            [row.symbol],
            title=row.fact("title")[:LONGEST],
            date=row.fact("date"),
            agenda=listed[0],
            subjects=listed[1],
            links=links,
            number=number[1] if number else "",
        )
    return None


_LISTED = ("agenda_information", "subjects")
