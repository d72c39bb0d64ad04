#!/usr/bin/env python3
"""Checks a bundle of the 1540 archive, and what became of the words that a link cites.

核对1540文献库的存证包；查明一条链接所引的文字后来如何。

    python3 verify.py                          every file, the signature, every text and link
    python3 verify.py --key PUBLICKEY          … and that it was signed with this very key
    python3 verify.py --newer DIR              … and that DIR, a later bundle, answers every link of this one,
                                               and revokes nothing that this one shows
    python3 verify.py --cite LINK              identical, moved, edited, withdrawn or never issued

A citation in words (S/2010/52, annex, para. 14) and a quotation are read by the archive's own
manage.py verify_citation.
Needs Python 3.9 or newer and nothing else: no network, no library, no archive. Exit status 0: proved;
1: not proved, or changed; 2: asked wrongly.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

FORMAT, VERSION = "1540-archive-bundle", 3
# 1 and 2 have pages, too; the standing texts of 1 may differ in form from its history.
READABLE = {1, 2, 3}
MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "manifest.pub"
BESIDE = {MANIFEST, SIGNATURE, PUBLIC_KEY}
UNREADABLE = (AttributeError, LookupError, OSError, TypeError, ValueError)
REVOKED = "data/revoked.jsonl"  # what is withheld by law; bundles made before there were such have none


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a word for programs, the place, and what it means and what to do."""

    code: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"[{self.code}] {self.where}：{self.message}"


# --- Ed25519, by the definition in RFC 8032, section 5.1 ---

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)  # ROOT: a square root of -1


def _decode(encoded):
    """The point that 32 bytes stand for, in extended coordinates, or None (5.1.3)."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def _encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | ((x & 1) << 255)).to_bytes(32, "little")


def _add(one, other):
    """The sum of two points (5.1.4)."""
    a, b = (one[1] - one[0]) * (other[1] - other[0]), (one[1] + one[0]) * (other[1] + other[0])
    c, d = 2 * one[3] * other[3] * D, 2 * one[2] * other[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


BASE = _decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(public, message, signature):
    """Whether ``signature`` (64 bytes) of ``message`` was made by the key of ``public`` (32 bytes): 5.1.7."""
    if len(public) != 32 or len(signature) != 64:
        return False
    point = _decode(public)
    scalar = int.from_bytes(signature[32:], "little")
    if point is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    x, y, z, t = _times(challenge, point)
    return _encode(_add(_times(scalar, BASE), (P - x, y, z, P - t))) == signature[:32]


# --- files ---


def read_manifest(bundle):
    """(manifest, its bytes, None) or (None, b"", what is wrong with it)."""
    try:
        content = (bundle / MANIFEST).read_bytes()
        manifest = json.loads(content)
        listed = [(row["path"], row["size"], row["sha256"]) for row in manifest["files"]]
        known = manifest["format"] == FORMAT and manifest["version"] in READABLE
        bad = [path for path, _size, _sum in listed if not _is_inside(path)]
    except OSError:
        code, words = "no-manifest", "读不到清单：这里不是存证包，或清单已被删去；请重新取得。"
    except (ValueError, KeyError, TypeError):
        code, words = "bad-manifest", "清单残缺或不是JSON；请重新取得整个存证包。"
    else:
        if known and not bad:
            return manifest, content, None
        code, words = "bad-path", f"清单列出了包外的路径{bad[:1]}；这个包不可信。"
        if not known:
            code, words = "bad-manifest", "清单的格式或版本不认识；请用包内自带的verify.py。"
    return None, b"", Finding(code, MANIFEST, words)


def _is_inside(path):
    parts = PurePosixPath(path).parts if isinstance(path, str) else ("..",)
    return bool(parts) and not ({"..", "/", "."} & set(parts)) and "\\" not in path and ":" not in parts[0]


def check_files(bundle, manifest):
    """Missing, changed and extra files."""
    listed = {row["path"]: row for row in manifest["files"]}
    for path, row in sorted(listed.items()):
        file = bundle / path
        if file.is_symlink() or not file.is_file():
            yield Finding("missing", path, "清单上有，包里没有；请重新取得。")
        elif file.stat().st_size != row["size"] or sha256_of(file) != row["sha256"]:
            yield Finding("changed", path, "内容与清单的SHA-256不符，已被改动；请勿引用，重新取得。")
    folders = {str(folder) for path in listed for folder in PurePosixPath(path).parents}
    for file in sorted(bundle.rglob("*")):
        path = file.relative_to(bundle).as_posix()
        if file.is_dir() and not file.is_symlink() and path not in folders:
            yield Finding("extra", f"{path}/", "包里有这个文件夹，清单上没有；不是签名者放进来的，请删去。")
        if (file.is_symlink() or not file.is_dir()) and path not in listed and path not in BESIDE:
            yield Finding("extra", path, "包里有，清单上没有；不是签名者放进来的，请删去。")


def sha256_of(file):
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def check_signature(bundle, content, key=None, allow_unsigned=False):
    """Whether the manifest bears a signature that holds; with ``key`` (64 hexadecimal digits), by that."""
    try:
        signature = bytes.fromhex((bundle / SIGNATURE).read_text("ascii").strip())
        public = bytes.fromhex((bundle / PUBLIC_KEY).read_text("ascii").strip())
    except OSError:
        if not allow_unsigned or key:
            yield Finding("unsigned", MANIFEST, "没有签名：只能说明文件与清单相符，不能说明出自何处。")
        return
    except ValueError:
        yield Finding("bad-signature", SIGNATURE, "签名或公钥不是十六进制数字；请重新取得。")
        return
    if not signature_holds(public, content, signature):
        yield Finding("bad-signature", SIGNATURE, "签名与清单不符：清单被改动过，或签名被换过；请勿引用。")
    elif key and public.hex() != key.lower():
        yield Finding(
            "other-key", PUBLIC_KEY, f"签名用的是另一把钥匙{public.hex()}，不是所给的{key.lower()}。"
        )


def read_key(given):
    """A public key as 64 hexadecimal digits, from the digits themselves or from a file that holds them."""
    text = given.strip()
    if not re.fullmatch("[0-9A-Fa-f]{64}", text):
        text = Path(given).read_text("ascii").strip()
    if not re.fullmatch("[0-9A-Fa-f]{64}", text):
        raise ValueError(given)
    return text.lower()


# --- what the data say ---


def words_of(text):
    """What a fingerprint is taken of: NFKC, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def digest(text):
    return hashlib.sha256(words_of(text).encode("utf-8")).hexdigest()


def fingerprint(text):
    return digest(text)[:8]


def key_of(issued):
    """What names an issued text: the address under which it was public."""
    return issued["symbol"], issued["language"], issued["anchor"], issued["fingerprint"]


class Data:
    """The tables of a bundle. Raises one of ``UNREADABLE`` where a file or a row is not as it is written."""

    def __init__(self, bundle, manifest=None):
        self.manifest = manifest or read_manifest(bundle)[0] or {"version": VERSION}
        self.version, self.as_of = self.manifest["version"], self.manifest.get("changed", "")[:10]
        self.tables = {file.stem: _rows_of(file) for file in sorted((bundle / "data").glob("*.jsonl"))}
        self.paragraphs = {(*row["document"], row["anchor"]): row for row in self.rows("paragraphs")}
        self.documents = {(row["symbol"], row["language"]): row for row in self.rows("documents")}
        self.aliases = {row["symbol"]: tuple(row["document"]) for row in self.rows("symbol_aliases")}
        self.issued, self.issued_of, self._histories = defaultdict(list), defaultdict(list), {}
        since = {key_of(row): row["since"] for row in self.rows("revoked")}
        for row in self.rows("issued_texts"):
            row["revoked"] = since.get(key_of(row))
            self.issued[row["symbol"], row["language"], row["anchor"]].append(row)
            self.issued_of[row["symbol"], row["language"]].append(row)
        self.moves = {(r["symbol"], r["language"], r["old_anchor"]): r for r in self.rows("moved_anchors")}
        self.retired = {
            (r["symbol"], r["language"]): r for r in self.rows("retired_documents") if not r["lifted"]
        }
        self.codes = {row["code"]: row for row in self.rows("short_links")}

    def held(self, symbol, language="zh"):
        """The document that an address means: its own symbol, or another that leads or led to it."""
        own = (symbol, language)
        if own in self.documents or own in self.issued_of:
            return own
        gone = self.retired.get(own)
        if gone and gone["facts"].get("alias"):
            return self.held(gone["successor"], language)
        return self.aliases.get(symbol, own)

    def history(self, symbol, language):
        if (symbol, language) not in self._histories:
            self._histories[symbol, language] = History(self, symbol, language)
        return self._histories[symbol, language]

    def last_act(self):
        """The last revision of which its texts tell, as no clock can; of version 1, which has none, 0."""
        rows = self.rows("issued_texts") if self.version > 1 else ()
        return max((ended(row) or began(row) for row in rows), default=0)

    def rows(self, table):
        return self.tables.get(table, [])


def _rows_of(file):
    text = file.read_text("utf-8").removesuffix("\n")
    return [json.loads(line) for line in text.split("\n")] if text else []


def check_data(data):
    """What fates of links rest on: texts against fingerprints and histories; and that each link has one."""
    yield from _check_texts(data)
    yield from _check_links(data)


def _check_texts(data):
    for (symbol, language, anchor), row in data.paragraphs.items():
        place = f"{symbol}/p/{anchor}"
        if fingerprint(row["text"]) != row["fingerprint"]:
            yield Finding("fingerprint", place, "指纹与文字不符。")
        standing = [past for past in data.issued[symbol, language, anchor] if past["until"] is None]
        seen = "text" if data.version > 1 else "fingerprint"
        if [(past["fingerprint"], past[seen]) for past in standing] != [(row["fingerprint"], row[seen])]:
            yield Finding("history", place, "历次文字中没有与现文相同、尚在生效的一条。")
    for (symbol, language, anchor), rows in data.issued.items():
        for row in rows:
            place = f"{symbol}/p/{anchor}/{row['fingerprint']}"
            if row["withheld"]:
                if row["text"] is not None:
                    yield Finding("withheld", place, "依法不予显示的文字不应在包内。")
            elif fingerprint(row["text"]) != row["fingerprint"]:
                yield Finding("fingerprint", place, "指纹与历次文字不符。")
            if row["until"] is None and (symbol, language, anchor) not in data.paragraphs:
                yield Finding("history", place, "尚在生效，正文中却没有这一段。")


def _check_links(data):
    """Every link that was ever issued has an answer."""
    for (symbol, language, anchor), rows in data.issued.items():
        for row in rows:
            if follow(data, symbol, anchor, row["fingerprint"], language).fate == NEVER_ISSUED:
                yield Finding("link", f"{symbol}/p/{anchor}/{row['fingerprint']}", "发出过的链接查不到结果。")
    for row in data.rows("short_links"):
        issued = data.issued[row["symbol"], row["language"], row["anchor"]] if row["symbol"] else ()
        known = row["fingerprint"] in {past["fingerprint"] for past in issued}
        if (
            not known
            and follow(data, *(row[k] for k in ("symbol", "anchor", "fingerprint"))).fate == NEVER_ISSUED
        ):
            yield Finding("link", f"/c/{row['code']}", "短码所指的文字从未发出。")


def check_newer(data, newer):
    """What ``newer``, the data of a later bundle, lost of what this one promises: links, and their words."""
    if newer.last_act() < data.last_act():
        yield Finding("older", MANIFEST, f"--newer所给的包只到{newer.as_of}，不比本包新。")
    for (symbol, language, anchor), rows in data.issued.items():
        later = newer.issued.get((*newer.held(symbol, language), anchor), ())
        for row in rows:
            place = f"{symbol}/p/{anchor}/{row['fingerprint']}"
            same = [each["text"] for each in later if each["fingerprint"] == row["fingerprint"]]
            if follow(newer, symbol, anchor, row["fingerprint"], language).fate == NEVER_ISSUED:
                yield Finding("lost", place, "较新的包里查不到这条链接：它所引的文字和下落都丢了。")
            elif same and row["text"] is not None and not {row["text"], None} & set(same):
                yield Finding("lost", place, "较新的包里，这条链接之下没有这样写的文字。")
    for code, row in data.codes.items():
        later = newer.codes.get(code, {})
        if any(row[name] != later.get(name) for name in ("anchor", "fingerprint")):
            yield Finding("lost", f"/c/{code}", "较新的包里没有这个短码，或它另有所指。")


def check_revoked(data, newer):
    """The texts of a bundle that ``newer``, the data of a later one, says law forbids to show by now."""
    revoked = {key_of(row): row["since"] for row in newer.rows("revoked")}
    for row in data.rows("issued_texts"):
        since = revoked.get(key_of(row))
        if since and row["text"] is not None:
            place = f"{row['symbol']}/p/{row['anchor']}/{row['fingerprint']}"
            yield Finding(
                "revoked", place, f"自{since[:10]}起依法不予公布；请不要再引用或传播，改用较新的存证包。"
            )


# --- what became of cited words ---

IDENTICAL, IDENTICAL_BUT_FORM, MOVED, EDITED, WITHDRAWN, NEVER_ISSUED = (
    "identical",
    "identical_but_form",
    "moved",
    "edited",
    "withdrawn",
    "never_issued",
)
STANDING, RANGE_DIFFERS, AMBIGUOUS = "standing", "range_differs", "ambiguous"
NO_SUCH_PARAGRAPH, NO_SUCH_DOCUMENT = "no_such_paragraph", "no_such_document"
PROVED = {IDENTICAL, IDENTICAL_BUT_FORM, MOVED}  # STANDING proves no words: none were given
SHOWN = 10  # paragraphs that an answer lists
# Behind each, lines_of says as of which day: what came after that, the bundle does not know.
WORDS = {
    IDENTICAL: "相同：所引文字一字未改。",
    IDENTICAL_BUT_FORM: "字形：文字相同，全角半角、上标、空白之类的字形与引用时不同，或可能不同；见下。",
    MOVED: "移动：文字未改，移到了另一段落标记之下。",
    EDITED: "改动：所引文字后来改过。",
    WITHDRAWN: "撤下：所引段落已不再公布。",
    NEVER_ISSUED: "从未发出：本库从未以这个地址公布过这些文字。",
    AMBIGUOUS: "不止一段：这个编号在文件的几个部分里都有；请写明部分。",
    STANDING: "在库：该段文字如下。所给出处没有指纹，不能证明当时所引的字句。",
    NO_SUCH_PARAGRAPH: "没有这一段：这份文件在库，里面从来没有这一段。",
    NO_SUCH_DOCUMENT: "没有这份文件：本库从未公布过这个文号的文件。",
    RANGE_DIFFERS: "不同：这几段的文字与链接的指纹不符，其中有改动，或链接有误；请逐段核对。",
}


@dataclass
class Answer:
    """``now`` is the paragraph that stands, ``issued`` the text as cited; ``others`` have its words too.

    ``forms`` are the other texts that a link may cite: public under its address with the same fingerprint,
    but not the same characters. ``form_differs``: the text that stands is certainly none of those cited.
    """

    fate: str
    symbol: str = ""
    anchor: str = ""
    now: dict | None = None
    issued: dict | None = None
    others: list = field(default_factory=list)
    forms: list = field(default_factory=list)
    form_differs: bool = False


def follow(data, symbol, anchor, cited, language="zh"):
    """What became of the words cited under an address with 8 to 64 digits: never a guess."""
    symbol, language = data.held(symbol, language)
    here = data.paragraphs.get((symbol, language, anchor))
    issued = [row for row in data.issued.get((symbol, language, anchor), ()) if _fits(row, cited)]
    if here and _fits(here, cited):
        others = [row for row in issued if not _same_words(row, here["text"])]
        if not others:
            return _with_forms(Answer(IDENTICAL, symbol, anchor, here), issued)
        issued = others
    if not issued:
        for other in ending_with(data, symbol, language, anchor):
            if any(_fits(row, cited) for row in data.issued.get((symbol, language, other), ())):
                return follow(data, symbol, other, cited, language)
        return Answer(
            NEVER_ISSUED, symbol, anchor, data.paragraphs.get(destination(data, symbol, language, anchor))
        )
    return _with_forms(_became(data, symbol, language, issued[-1]), issued)


def _fits(row, cited):
    """Whether a row has these digits. Of a withheld text only the first are known."""
    known = cited if row["text"] else cited[:8]
    return row["fingerprint"] == known[:8] and (len(known) == 8 or digest(row["text"]).startswith(known))


def _same_words(row, text):
    return not row["text"] or words_of(row["text"]) == words_of(text)


def _with_forms(answer, issued):
    """An answer with the other forms in which its words were public under the address that was cited."""
    same = answer.fate in {IDENTICAL, MOVED}
    shown = (answer.now if same else answer.issued)["text"]
    cited = {row["text"]: row for row in issued if _same_words(row, shown or "")}
    answer.forms = [row for text, row in cited.items() if text != shown]
    if same and answer.forms:
        answer.fate, answer.form_differs = IDENTICAL_BUT_FORM, shown not in cited
    return answer


def _became(data, symbol, language, issued):
    histories = Histories(data, language)
    anchor, cited = issued["anchor"], issued["fingerprint"]
    end = histories.trace(issued)
    home = histories.home(end["symbol"])
    now = data.paragraphs.get((end["symbol"], language, end["anchor"])) if end["until"] is None else None
    if end["until"] is None and end["fingerprint"] == cited and _same_words(issued, now["text"]):
        return Answer(MOVED, symbol, anchor, now, issued)
    if end["fingerprint"] == cited and histories.of(end["symbol"]).is_kept_back(end):
        return Answer(WITHDRAWN, symbol, anchor, None, issued)
    twins = [data.paragraphs[home, language, row["anchor"]] for row in histories.of(home).standing[cited]]
    if (
        len(twins) == 1
        and issued["until"]
        and began(histories.of(home).standing[cited][0]) >= ended(issued)
        and _same_words(issued, twins[0]["text"])
    ):
        return Answer(MOVED, symbol, anchor, twins[0], issued)
    now = data.paragraphs.get((home, language, end["anchor"])) if end["until"] is None else None
    return Answer(EDITED if now else WITHDRAWN, symbol, anchor, now, issued, twins)


class History:
    """All that was issued of one document, oldest first."""

    def __init__(self, data, symbol, language):
        self.rows = data.issued_of[symbol, language]
        self.retired = data.retired.get((symbol, language))
        document = data.documents.get((symbol, language)) or {"corrections": {}}
        self.kept_out = [
            (anchor, words)
            for anchor, each in document["corrections"].get("withdrawn_paragraphs", {}).items()
            for words in ([each] if isinstance(each, str) else each)
        ]
        self.cited = {(row["anchor"], row["fingerprint"]) for row in self.rows}
        self.under, self.opened, self.standing = defaultdict(list), defaultdict(list), defaultdict(list)
        self._order = {id(row): place for place, row in enumerate(self.rows)}
        for row in self.rows:
            self.under[row["anchor"]].append(row)
            self.opened[began(row), row["fingerprint"]].append(row)
            if row["until"] is None:
                self.standing[row["fingerprint"]].append(row)

    def after(self, row, others):
        """Those of ``others`` that began later. A text that stood for no time ended as it began."""
        place = (began(row), self._order[id(row)])
        return [new for new in others if (began(new), self._order[id(new)]) > place]

    def is_kept_back(self, row):
        """Whether a text ended by an editor's decision that stands."""
        if row["ending"] != "withdrawn" or row["cause"] != "withdrawn":
            return False
        return self.retired is not None or any(self._is_about(decision, row) for decision in self.kept_out)

    def _is_about(self, decision, row):
        """Whether ``row`` is what was withdrawn, or what it was corrected to; older data have that alone."""
        anchor, words = decision
        if decision in self.cited:
            return decision == (row["anchor"], row["fingerprint"])
        alone = not any(one in self.cited for one in self.kept_out if one[0] == anchor)
        return row["fingerprint"] == words or (alone and row["anchor"] == anchor)


class Histories:
    """Follows a text from one ending to the next beginning: same moment, and same anchor or same words."""

    def __init__(self, data, language):
        self._data, self._language = data, language

    def of(self, symbol):
        return self._data.history(symbol, self._language)

    def home(self, symbol):
        """The document into which that of ``symbol`` was merged, or itself."""
        seen = {symbol}
        while (retired := self.of(symbol).retired) and retired["successor"] not in {"", *seen}:
            symbol = retired["successor"]
            seen.add(symbol)
        return symbol

    def trace(self, row):
        """The last text to which ``row`` leads; each step leads to a later one, so there is an end."""
        while row["until"] is not None:
            new = self._next(row)
            if new is None:
                break
            row = new
        return row

    def _next(self, row):
        history = self.of(row["symbol"])
        if row["ending"] == "moved":
            opened = history.after(row, history.opened.get((ended(row), row["fingerprint"]), []))
            return opened[0] if len(opened) == 1 else self._in_another_document(row)
        if history.is_kept_back(row):
            return None
        later = history.after(row, history.under[row["anchor"]])
        return next((new for new in later if began(new) >= ended(row)), None)

    def _in_another_document(self, row):
        move = self._data.moves.get((row["symbol"], self._language, row["anchor"]))
        if move is None or not move["new_symbol"]:
            return None
        for new in self.of(move["new_symbol"]).under[move["new_anchor"]]:
            if _stood(new, ended(row)) and new["fingerprint"] == row["fingerprint"]:
                return new
        return None


def destination(data, symbol, language, anchor):
    """Where the moves from an address end."""
    end, seen = (symbol, language, anchor), set()
    while end in data.moves and end not in seen:
        seen.add(end)
        move = data.moves[end]
        end = (move["new_symbol"] or end[0], language, move["new_anchor"])
    return end


def look_up(data, symbol, anchor):
    """A paragraph cited without a fingerprint: whether it stands, which proves no words."""
    (symbol, language), anchors = places_of(data, symbol, anchor)
    if len(anchors) > 1:
        standing = (data.paragraphs.get((symbol, language, other)) for other in anchors)
        return Answer(AMBIGUOUS, symbol, anchor, others=[row for row in standing if row])
    now, past = standing_and_past(data, symbol, language, anchors[0])
    if now or past:
        return Answer(STANDING if now else WITHDRAWN, symbol, anchors[0], now, None if now else past[-1])
    known = data.issued_of.get((symbol, language)) or (symbol, language) in data.retired
    return Answer(NO_SUCH_PARAGRAPH if known else NO_SUCH_DOCUMENT, symbol, anchors[0])


def places_of(data, symbol, anchor):
    """The document that an address means, and the anchors: a number without its part may mean several."""
    symbol, language = data.held(symbol)
    known = (symbol, language, anchor) in data.issued
    return (symbol, language), [anchor] if known else ending_with(data, symbol, language, anchor) or [anchor]


def standing_and_past(data, symbol, language, anchor):
    """What stands under an address or where its moves end, or None, and all that was issued under it."""
    key = (symbol, language, anchor)
    now = data.paragraphs.get(key) or data.paragraphs.get(destination(data, *key[:2], anchor))
    return now, data.issued.get(key, [])


def ending_with(data, symbol, language, anchor):
    """The anchors that ever ended with a number without its part (``14``), in the order of their coming."""
    keys = [key for key in data.issued if key[:2] == (symbol, language) and key[2].endswith(f".{anchor}")]
    return [key[2] for key in sorted(keys, key=lambda key: (began(data.issued[key][0]), key))]


# --- links ---

PARAGRAPH = re.compile(
    r"/(?P<symbol>[^?#]+)/p/(?P<anchor>[^/?#]+)(?:/(?:sha256:)?(?P<cited>[0-9a-f]{8,64}))?/?"
)
PLACE = re.compile(r"p-(?P<anchor>[^:&]+)")
CODE = re.compile(r"/c/(?P<code>[^/?#]+)/?")
BELOW = ("subparagraph", "list_item")


class NotALinkError(ValueError):
    """What was given names no paragraph."""


def read_link(link):
    """(symbol, anchor, fingerprint or "") of a link, whatever its host; (code, "", "") for a short one."""
    parts = urlsplit(link.strip())
    path = unquote(parts.path)
    path = path if path.startswith("/") else f"/{path}"
    if found := CODE.search(path):
        return found["code"], "", ""
    path = path[:-5] if path.endswith(".json") else path
    if found := PARAGRAPH.fullmatch(path):
        return found["symbol"], found["anchor"], found["cited"] or ""
    place = PLACE.match(unquote(parts.fragment))
    if place and path.strip("/"):
        return path.strip("/"), place["anchor"], ""
    raise NotALinkError(link)


def resolved(data, link):
    """(symbol, anchor, fingerprint or "") of a link, a short code led to what it stands for; None where the
    code was never given."""
    symbol, anchor, cited = read_link(link)
    if anchor:
        return symbol, anchor, cited
    row = data.codes.get(symbol)
    return row and (row["symbol"], row["anchor"], row["fingerprint"])


def answer_link(data, link):
    """What a link proves: of a paragraph, of a range (``/p/14-16``) or of a short code."""
    found = resolved(data, link)
    if found is None:
        return Answer(NEVER_ISSUED, f"/c/{read_link(link)[0]}")
    symbol, anchor, cited = found
    if blocks := range_of(data, symbol, anchor):
        return answer_range(data, symbol, anchor, cited, blocks)
    return follow(data, symbol, anchor, cited) if cited else look_up(data, symbol, anchor)


def range_of(data, symbol, anchor):
    """The paragraphs of a range as they stand (``14-16``, ``annex.14-16``, ``3.a-c``): from the first to the
    last in the document's order, with the sub-paragraphs of the last. Empty where ``anchor`` is no range."""
    first, hyphen, last = anchor.partition("-")
    rows = [row for row in data.rows("paragraphs") if tuple(row["document"]) == data.held(symbol)]
    places = {row["anchor"]: place for place, row in enumerate(rows)}
    above = first.split(".")[:-1]
    ends = (".".join([*above[:depth], last]) for depth in range(len(above), -1, -1))
    last = next((end for end in ends if end in places), None)
    if not hyphen or first not in places or last is None:
        return []
    start, end = sorted((places[first], places[last]))
    family = {rows[end]["anchor"]}
    while (
        end + 1 < len(rows)
        and rows[end + 1]["kind"] in BELOW
        and (rows[end + 1]["parent"] or [""])[-1] in family
    ):
        end += 1
        family.add(rows[end]["anchor"])
    return rows[start : end + 1]


def answer_range(data, symbol, anchor, cited, blocks):
    """The words of a range are those of its blocks, one after another."""
    text = "\n".join(block["text"] for block in blocks)
    now = {
        "document": blocks[0]["document"],
        "anchor": anchor,
        "fingerprint": fingerprint(text),
        "text": text,
    }
    if not digest(text).startswith(cited):
        return Answer(RANGE_DIFFERS, symbol, anchor, now)
    forms = _forms_of_range(data, blocks, now) if cited else []
    fate = IDENTICAL_BUT_FORM if forms else IDENTICAL if cited else STANDING
    return Answer(fate, symbol, anchor, now, forms=forms)


def _forms_of_range(data, blocks, now):
    """What once stood under the anchors of ``blocks`` with the words, but not the characters, of now."""
    histories = [data.issued[(*block["document"], block["anchor"])] for block in blocks]
    forms = {}
    for moment in sorted({began(row) for rows in histories for row in rows}):
        then = [next((row for row in rows if _stood(row, moment)), None) for rows in histories]
        if all(row and row["text"] for row in then):
            text = "\n".join(row["text"] for row in then)
            last, ends = max(then, key=began), [row for row in then if row["until"]]
            until = min(ends, key=ended)["until"] if ends else None
            form = {"text": text, "since": last["since"], "until": until, "withheld": False}
            if text != now["text"] and words_of(text) == words_of(now["text"]):
                forms.setdefault(text, form)
    return list(forms.values())


def began(row):
    """At which revision of the archive a text came; in a bundle of version 1, when."""
    return row.get("since_revision", row["since"])


def ended(row):
    """At which revision, or when, a text ended."""
    return row.get("until_revision", row["until"])


def _stood(row, moment):
    return began(row) <= moment and (row["until"] is None or ended(row) > moment)


def lines_of(answer, as_of="", words=WORDS):
    """An answer for a reader in ``words``; ``as_of`` is the day up to which the bundle knows the archive."""
    place = f"{answer.symbol}/p/{answer.anchor}" if answer.anchor else answer.symbol
    yield f"[{answer.fate}] {place}：{words[answer.fate]}"
    if as_of:
        yield f"  以上截至{as_of}，即本包所载文字最后一次变动之日；此后如何，要看较新的包或本库。"
    if answer.issued:
        past = answer.issued
        yield f"  所引文字（指纹{past['fingerprint']}，{_days(past)}）：{_shown(past)}"
        reasons = [past["reason"], past["by"] and f"决定者{past['by']}"]
        if any(reasons):
            yield "  缘由：" + "；".join(filter(None, reasons))
        if past["withheld"]:
            since = past.get("revoked") and f"自{past['revoked'][:10]}起"
            yield f"  这些文字{since or ''}依法不予公布；早先的存证包里若有，请不要再引用或传播。"
    if answer.now:
        now = answer.now
        where = f"{now['document'][0]}/p/{now['anchor']}"
        yield f"  本包中的文字（{where}，指纹{now['fingerprint']}）：{now['text']}"
    standing = (answer.now or answer.issued or {}).get("text")
    for form in answer.forms:
        yield f"  同一指纹的另一种字形（{_days(form)}）：{_shown(form)}"
        if form["text"] and standing:
            yield f"    不同的字：{_differing(form['text'], standing)}"
    if answer.fate == IDENTICAL_BUT_FORM and not answer.form_differs:
        yield "  所引的是哪一种字形，从指纹不能断定。"
    if len(answer.others) > SHOWN:
        yield f"  共{len(answer.others)}段，先列{SHOWN}段。"
    label = "所指或是" if answer.fate == AMBIGUOUS else "同样的字句见"
    for other in answer.others[:SHOWN]:
        yield f"  {label}：{other['document'][0]}/p/{other['anchor']}"


def _differing(then, now):
    """The characters that differ, with their numbers, since ， and , look alike."""
    steps = SequenceMatcher(None, then, now, autojunk=False).get_opcodes()
    changes = (
        f"{_numbered(then[a:b])}→{_numbered(now[c:d])}" for kind, a, b, c, d in steps if kind != "equal"
    )
    return "，".join(changes)


def _numbered(characters):
    return f"“{characters}”({' '.join(f'U+{ord(each):04X}' for each in characters)})" if characters else "无"


def _days(issued):
    if not issued["until"]:
        return f"{issued['since'][:10]}起"
    return "至".join(moments(issued["since"], issued["until"]))


def moments(since, until):
    """Two moments as a reader tells them apart: by their days, on one day by the time as well."""
    if since[:10] != until[:10]:
        return since[:10], until[:10]
    places = 16 if since[:16] != until[:16] else 19
    return tuple(f"{moment[:10]} {moment[11:places]} UTC" for moment in (since, until))


def _shown(issued):
    return "依法不予显示" if issued["text"] is None else issued["text"]


# --- the command ---


def check_bundle(bundle, key=None, allow_unsigned=False, texts=True, newer=None):
    """(manifest or None, everything that is wrong with a bundle). ``newer`` is a later one, itself checked,
    in which every link is followed, and whose list of what law forbids to show by now is looked up."""
    bundle = Path(bundle)
    manifest, content, trouble = read_manifest(bundle)
    if trouble:
        return None, [trouble]
    findings = [*check_signature(bundle, content, key, allow_unsigned), *check_files(bundle, manifest)]
    try:
        data = Data(bundle, manifest)
        findings += check_data(data) if texts else ()
        if newer:
            _manifest, its_findings = check_bundle(newer, key, allow_unsigned)
            later = None if its_findings else Data(Path(newer))
            findings += [*check_newer(data, later), *check_revoked(data, later)] if later else its_findings
    except UNREADABLE as error:
        findings.append(Finding("bad-data", "data/", f"数据残缺，无法核对（{error!r}）；请重新取得。"))
    return manifest, findings


def signer(bundle):
    """The public key that a bundle carries, or "" where it is not signed."""
    try:
        return (Path(bundle) / PUBLIC_KEY).read_text("ascii").strip()
    except OSError:
        return ""


def report(bundle, key, allow_unsigned, texts=True, newer=None):
    """Lines for a reader, and whether all is well."""
    manifest, findings = check_bundle(bundle, key, allow_unsigned, texts, newer)
    lines = [str(finding) for finding in findings]
    if findings:
        return [*lines, f"核对未通过：{len(findings)}处不符。"], False
    figures = manifest["figures"]
    public = signer(bundle)
    lines.append(
        f"核对通过：{len(manifest['files'])}个文件，{figures['documents']}份文件，{figures['paragraphs']}段，"
        f"历次文字{figures['issued_texts']}条。"
    )
    if manifest.get("changed"):
        lines.append(f"本包所载是截至{manifest['changed'][:10]}的文字；此后的改动不在其中。")
    if remade := manifest.get("remade"):
        lines.append(
            f"本包因有文字依法不予公布而重做，替代名为{remade['name']}、截至{remade['changed'][:10]}的包"
            f"（清单SHA-256 {remade['manifest_sha256']}）；所载不再是那一天的文献库。"
        )
    if newer:
        links = figures["issued_texts"] + figures["short_links"]
        lines.append(f"{links}条链接在较新的包里都有着落。")
    if not public:
        lines.append("没有签名：不能证明出自何处。")
    elif not key:
        lines.append(f"签名有效，公钥{public}。请与本库另行公布的公钥比对，或用--key给出公钥再核对一次。")
    else:
        lines.append("签名有效，正是所给公钥所签。")
    return lines, True


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description="核对1540文献库的存证包。Checks a bundle of the 1540 archive."
    )
    parser.add_argument(
        "bundle", nargs="?", default=str(Path(__file__).resolve().parent), help="存证包所在文件夹"
    )
    parser.add_argument("--key", help="应有的公钥：64位十六进制数字，或载有它的文件")
    parser.add_argument("--allow-unsigned", action="store_true", help="没有签名也算通过")
    parser.add_argument(
        "--newer",
        metavar="DIR",
        help="较新的存证包：本包的链接在其中有没有着落，其中依法不予公布的文字本包里有没有",
    )
    parser.add_argument("--cite", metavar="LINK", help="要证明的链接")
    given = parser.parse_args(arguments)
    try:
        key = read_key(given.key) if given.key else None
    except (OSError, ValueError):
        parser.error("--key不是64位十六进制数字，也不是载有公钥的文件。")
    lines, sound = report(given.bundle, key, given.allow_unsigned, not given.cite, given.newer)
    if not given.cite or not sound:
        sys.stdout.write("\n".join(lines) + "\n")
        return 0 if sound else 1
    try:
        data = Data(Path(given.bundle))
        answer = answer_link(data, given.cite)
    except NotALinkError:
        parser.error(
            "这不是段落链接；应如https://…/S/2010/52/p/annex.14/3f9a2c1b。"
            "文字写的出处（如S/2010/52, annex, para. 14）由manage.py verify_citation来读。"
        )
    sys.stdout.write("\n".join(lines_of(answer, data.as_of)) + "\n")
    return 0 if answer.fate in PROVED else 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
