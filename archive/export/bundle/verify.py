#!/usr/bin/env python3
"""Checks a bundle of the 1540 archive, and tells what became of the words that a link cites.

核对1540文献库的存证包；查明一条链接所引的文字后来如何。

    python3 verify.py                          every file, the signature, every text and link
    python3 verify.py --key PUBLICKEY          … and that it was signed with this very key
    python3 verify.py --newer DIR              … and that DIR, a later bundle, lost and revokes nothing of it
    python3 verify.py --cite LINK              identical, moved, edited, withdrawn or never issued
    python3 verify.py --receipt RECEIPT        what a signed receipt says, and what became of its words

What became of words is what the archive answered when it made, and signed, the bundle.
Needs Python 3.9 or newer, nothing else. Exit status 0: proved; 1: not proved, or changed; 2: asked wrongly.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

FORMAT, VERSION = "1540-archive-bundle", 3
# 1 and 2 have pages, but no answers; the standing texts of 1 may differ in form from its history.
READABLE, ANSWERED = {1, 2, 3}, 3
MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "manifest.pub"
KEY = re.compile("[0-9A-Fa-f]{64}")
UNREADABLE = (AttributeError, LookupError, OSError, TypeError, ValueError)
REVOKED = "data/revoked.jsonl"  # what is withheld by law; bundles made before there were such have none
ANSWERS = "data/answers.jsonl"  # what became of each text that was issued


class Finding(NamedTuple):
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
    """Decodes a point from 32 bytes to extended coordinates; None where it is invalid (5.1.3)."""
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


def _add(one, other):
    """Returns the sum of two points (5.1.4)."""
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
    """Verifies the Ed25519 ``signature`` of ``message`` by the key ``public``: RFC 8032, 5.1.7."""
    point, scalar = _decode(public), int.from_bytes(signature[32:], "little")
    if point is None or len(public) != 32 or len(signature) != 64 or scalar >= ORDER:
        return False
    challenge = hashlib.sha512(signature[:32] + public + message).digest()
    x, y, z, t = _times(int.from_bytes(challenge, "little") % ORDER, point)
    x, y, z, _t = _add(_times(scalar, BASE), (P - x, y, z, P - t))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    return (y | ((x & 1) << 255)).to_bytes(32, "little") == signature[:32]


# --- files ---


def read_manifest(bundle):
    """Reads the manifest. Returns (manifest, its bytes, None), or (None, b"", the finding)."""
    try:
        content = (bundle / MANIFEST).read_bytes()
        manifest = json.loads(content)
        if manifest["format"] != FORMAT or manifest["version"] not in READABLE:
            raise ValueError(manifest["version"])
        listed = [(row["path"], row["size"], row["sha256"]) for row in manifest["files"]]
    except OSError:
        words = "读不到清单：这里不是存证包，或清单已被删去；请重新取得。"
        return None, b"", Finding("no-manifest", MANIFEST, words)
    except (ValueError, KeyError, TypeError):
        words = "清单残缺，请重新取得整个存证包；或是版本不认识，请用包内自带的verify.py。"
        return None, b"", Finding("bad-manifest", MANIFEST, words)
    if bad := [path for path, *_rest in listed if not _is_inside(path)]:
        return None, b"", Finding("bad-path", MANIFEST, f"清单列出了包外的路径{bad[:1]}；这个包不可信。")
    return manifest, content, None


def _is_inside(path):
    parts = PurePosixPath(path).parts if isinstance(path, str) else ("..",)
    return bool(parts) and not ({"..", "/", "."} & set(parts)) and "\\" not in path and ":" not in parts[0]


def _sum(content):
    return hashlib.sha256(content).hexdigest()


def check_files(bundle, manifest):
    """Checks the files against the manifest; generates missing, changed and extra ones."""
    listed = {row["path"]: row for row in manifest["files"]}
    for path, row in sorted(listed.items()):
        file = bundle / path
        if file.is_symlink() or not file.is_file():
            yield Finding("missing", path, "清单上有，包里没有；请重新取得。")
        elif file.stat().st_size != row["size"] or _sum(file.read_bytes()) != row["sha256"]:
            yield Finding("changed", path, "内容与清单的SHA-256不符，已被改动；请勿引用，重新取得。")
    known = {*listed, *(str(folder) for path in listed for folder in PurePosixPath(path).parents)}
    for file in sorted(bundle.rglob("*")):
        path = file.relative_to(bundle).as_posix()
        is_link = file.is_symlink() and path not in listed
        if is_link or path not in {*known, MANIFEST, SIGNATURE, PUBLIC_KEY}:
            yield Finding("extra", path, "包里有，清单上没有；不是签名者放进来的，请删去。")


def check_signature(bundle, content, key=None, allow_unsigned=False):
    """Checks the signature of the manifest, with ``key`` (64 hex digits) also its key; generates findings."""
    try:
        signature = bytes.fromhex((bundle / SIGNATURE).read_text("ascii").strip())
        public = bytes.fromhex((bundle / PUBLIC_KEY).read_text("ascii").strip())
    except OSError:
        if not allow_unsigned or key:
            yield Finding("unsigned", MANIFEST, "没有签名：只能说明文件与清单相符，不能说明出自何处。")
        return
    except ValueError:
        public = signature = b""
    if not signature_holds(public, content, signature):
        yield Finding("bad-signature", SIGNATURE, "签名与清单不符：清单被改动过，或签名被换过；请勿引用。")
    elif key and public.hex() != key.lower():
        yield Finding("other-key", PUBLIC_KEY, f"签名用的是另一把钥匙{public.hex()}，不是所给的。")


def read_key(given):
    """Reads a public key of 64 hexadecimal digits, given itself or as a file. Raises ValueError, OSError."""
    text = given.strip()
    text = text if KEY.fullmatch(text) else Path(given).read_text("ascii").strip()
    if not KEY.fullmatch(text):
        raise ValueError(given)
    return text.lower()


def open_receipt(receipt, public):
    """Returns what a receipt says, signed by ``public`` (64 hexadecimal digits). Raises ValueError."""
    encoded, _stop, signature = receipt.strip().partition(".")
    content = base64.b64decode(encoded.encode("ascii"), altchars=b"-_", validate=True)
    if not signature_holds(bytes.fromhex(public), content, bytes.fromhex(signature)):
        raise ValueError(signature)
    return json.loads(content)


# --- what the data say ---


def words_of(text):
    """Normalises a text for its fingerprint: NFKC, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def digest(text):
    return _sum(words_of(text).encode("utf-8"))


def fits(row, cited):
    """Returns True if the fingerprint of a row begins with these digits; withheld texts have eight only."""
    known = row["fingerprint"] if row["text"] is None or len(cited) <= 8 else digest(row["text"])
    return known.startswith(cited[: len(known)])


def place_of(row):
    return tuple(row["document"]) + (row["anchor"],) if "document" in row else key_of(row)[:3]


def key_of(row):
    """Returns the key of an issued text: the address under which it was public."""
    return row["symbol"], row["language"], row["anchor"], row["fingerprint"]


def by_place(rows):
    found = defaultdict(list)
    for row in rows:
        found[place_of(row)].append(row)
    return found


def under(language, symbol):
    """Returns a document's address: its symbol, with the language before it where that is not Chinese."""
    return symbol if language == "zh" else f"{language}/{symbol}"


def _said(row):
    symbol, language, anchor = place_of(row)
    return f"{under(language, symbol)}/p/{anchor}/{row['fingerprint']}"


class Data:
    """The tables of a bundle. Raises one of ``UNREADABLE`` where a file or a row is not as it is written."""

    def __init__(self, bundle, manifest=None):
        manifest = manifest or read_manifest(bundle)[0]
        self.version, self.as_of = manifest["version"], manifest.get("changed", "")[:10]
        files = {file.stem: file.read_text("utf-8").split("\n") for file in (bundle / "data").glob("*.jsonl")}
        self.tables = {name: [json.loads(line) for line in lines if line] for name, lines in files.items()}
        self.paragraphs = {place_of(row): row for row in self.rows("paragraphs")}
        owners = ((row["symbol"], tuple(row["document"])) for row in self.rows("symbol_aliases"))
        self.aliases = {(symbol, owner[1]): owner for symbol, owner in owners}
        gone = [row for row in self.rows("retired_documents") if not row["lifted"]]
        self.retired = {(row["symbol"], row["language"]): row for row in gone}
        self.codes = {row["code"]: row for row in self.rows("short_links")}
        self.revoked = {key_of(row): row["since"][:10] for row in self.rows("revoked")}
        self.last_act = 0  # no clock tells which bundle is the later; version 1 has no revisions
        for row in self.rows("issued_texts"):
            row["revoked"] = self.revoked.get(key_of(row), "")
            self.last_act = max(self.last_act, row.get("until_revision") or row.get("since_revision", 0))
        self.issued = by_place(self.rows("issued_texts"))
        self.answers = by_place(self.rows("answers"))
        self.known = {(row["symbol"], row["language"]) for row in self.rows("documents")}
        self.known |= {place[:2] for place in self.issued}

    def held(self, symbol, language=""):
        """Returns the document that an address means: its own symbol, or another that leads or led to it. In
        an address the language stands before the symbol: en/S/2010/52.
        """
        code, _stroke, rest = symbol.partition("/")
        own = (rest, code) if not language and code.islower() else (symbol, language or "zh")
        symbol, language = own
        if own not in self.known and self.retired.get(own, {"facts": {}})["facts"].get("alias"):
            return self.held(self.retired[own]["successor"], language)
        return own if own in self.known else self.aliases.get(own, own)

    def rows(self, table):
        return self.tables.get(table, [])


def check_texts(data):
    """Checks texts against their fingerprints, and the paragraphs against the history; generates findings."""
    shown, issued, form = data.rows("paragraphs"), data.rows("issued_texts"), data.version > 1
    for row in [*shown, *issued]:
        if row["text"] is not None and digest(row["text"])[:8] != row["fingerprint"]:
            yield Finding("fingerprint", _said(row), "指纹与文字不符。")
        if row.get("withheld", False) != (row["text"] is None):
            yield Finding("withheld", _said(row), "依法不予显示的文字不应在包内，其他的不应缺少。")
    standing = [row for row in issued if row["until"] is None]
    told_by = ([(_said(row), form and row["text"]) for row in rows] for rows in (shown, standing))
    now, then = map(Counter, told_by)
    for place, _text in sorted([*(now - then), *(then - now)], key=str):
        yield Finding("history", place, "正文与历次文字中尚在生效的不符。")


def check_links(data):
    """Checks that every link issued has an answer, and that the answer fits the texts."""
    for row in data.rows("issued_texts") if data.version >= ANSWERED else ():
        if not any(fits(row, answer["fingerprint"]) for answer in data.answers[place_of(row)]):
            yield Finding("link", _said(row), "发出过的链接查不到结果。")
    for row in data.rows("answers"):
        now = row["now"] and data.paragraphs[tuple(row["now"])]
        fates = PROVED if now and fits(now, row["fingerprint"]) else {EDITED} if now else {WITHDRAWN}
        if row["fate"] not in fates:
            yield Finding("answer", _said(row), "链接的结果与包内的文字不符。")
    for row in data.codes.values():
        if not issued_as(data, row["symbol"], row["anchor"], row["fingerprint"], row["language"]):
            yield Finding("link", f"/c/{row['code']}", "短码所指的文字从未发出。")


def check_newer(data, newer):
    """Compares with ``newer``, the data of a later bundle; generates links lost and links revoked."""
    if newer.last_act < data.last_act:
        yield Finding("older", MANIFEST, f"--newer所给的包只到{newer.as_of}，不比本包新。")
    for row in data.rows("issued_texts"):
        symbol, language, anchor, cited = key_of(row)
        later = {each["text"] for each in issued_as(newer, symbol, anchor, cited, language)}
        if not later:
            yield Finding("lost", _said(row), "较新的包里查不到这条链接：它所引的文字和下落都丢了。")
        elif row["text"] is not None and not {row["text"], None} & later:
            yield Finding("lost", _said(row), "较新的包里，这条链接之下没有这样写的文字。")
        if row["text"] is not None and (since := newer.revoked.get(key_of(row))):
            yield Finding("revoked", _said(row), f"自{since}起依法不予公布；请勿再引用或传播。")
    for code, row in data.codes.items():
        later = newer.codes.get(code, {})
        if any(row[name] != later.get(name) for name in ("anchor", "fingerprint")):
            yield Finding("lost", f"/c/{code}", "较新的包里没有这个短码，或它另有所指。")


# --- what became of cited words ---

IDENTICAL, IDENTICAL_BUT_FORM, MOVED = "identical", "identical_but_form", "moved"
EDITED, WITHDRAWN, NEVER_ISSUED, RANGE_DIFFERS = "edited", "withdrawn", "never_issued", "range_differs"
BELOW = ("subparagraph", "list_item")
PROVED = {IDENTICAL, IDENTICAL_BUT_FORM, MOVED}
WORDS = {
    IDENTICAL: "相同：所引文字一字未改。",
    IDENTICAL_BUT_FORM: "字形：文字相同，全角半角、上标、空白之类的字形与引用时不同，或可能不同；见下。",
    MOVED: "移动：文字未改，移到了另一段落标记之下。",
    EDITED: "改动：所引文字后来改过。",
    WITHDRAWN: "撤下：所引段落已不再公布。",
    NEVER_ISSUED: "从未发出：本库从未以这个地址公布过这些文字。",
    RANGE_DIFFERS: "不同：这几段的文字与链接的指纹不符，其中有改动，或链接有误；请逐段核对。",
}
AS_OF = "  以上截至{}，即本包所载文字最后一次变动之日；此后如何，要看较新的包或本库。"
PARAGRAPH = re.compile(r"/([^?#]+)/p/([^/?#]+)(?:/(?:sha256:)?([0-9a-f]{8,64}))?/?")
CODE, PLACE = re.compile(r"/c/([^/?#]+)/?"), re.compile(r"p-([^:&]+)")


def places_of(data, symbol, anchor, language=""):
    """The addresses that one may mean: itself, and those that end with it, as ``14`` lacks its part; where
    there are none such, the only annex for the first, annex1."""
    own = (*data.held(symbol, language), anchor)
    yield own
    found = [one for one in data.issued if one[:2] == own[:2] and one[2].endswith(f".{anchor}")]
    only = (*own[:2], re.sub(r"^(annex|enclosure|appendix)1(?=\.|$)", r"\1", anchor))
    yield from found or [only] * (only != own and own not in data.issued and only in data.issued)


def issued_as(data, symbol, anchor, cited, language=""):
    """Returns the texts issued under an address whose fingerprint has these digits, oldest first."""
    for place in places_of(data, symbol, anchor, language):
        if found := [row for row in data.issued.get(place, ()) if fits(row, cited)]:
            return found
    return []


def forms_of(data, row):
    """Returns the texts issued under a row's address with its fingerprint, oldest first."""
    digits = digest(row["text"]) if row.get("text") else row["fingerprint"]
    return [past for past in data.issued[place_of(row)] if fits(past, digits)]


def answers_to(data, *link):
    """Returns the archive's answers to a link: several if its digits are few, the last the one given."""
    issued = issued_as(data, *link)
    answers = data.answers[place_of(issued[0])] if issued else ()
    return [row for row in answers if any(fits(past, row["fingerprint"]) for past in issued)]


class NotALinkError(ValueError):
    """A link that names no paragraph."""


def read_link(link):
    """Parses a link of any host: (symbol, anchor, fingerprint or ""); (code, "", "") for a short one."""
    parts = urlsplit(link.strip())
    path = "/" + unquote(parts.path).lstrip("/")
    if found := CODE.search(path):
        return found[1], "", ""
    if found := PARAGRAPH.fullmatch(path.removesuffix(".json")):
        return found[1], found[2], found[3] or ""
    place = PLACE.match(unquote(parts.fragment))
    if place and path.strip("/"):
        return path.strip("/"), place[1], ""
    raise NotALinkError(link)


def resolved(data, link):
    """Parses a link like ``read_link``, resolving a short code; None where the code was never given."""
    symbol, anchor, cited = read_link(link)
    if anchor or (row := data.codes.get(symbol)) is None:
        return (symbol, anchor, cited) if anchor else None
    return under(row["language"], row["symbol"]), row["anchor"], row["fingerprint"]


def range_of(data, symbol, anchor):
    """Returns the current paragraphs of a range (``14-16``, ``annex.14-16``, ``3.a-c``), in the document's
    order, with sub-paragraphs of the last. Empty where ``anchor`` is no range.
    """
    first, hyphen, last = anchor.partition("-")
    document = data.held(symbol)
    rows = [row for row in data.rows("paragraphs") if tuple(row["document"]) == document] if hyphen else []
    places = {row["anchor"]: place for place, row in enumerate(rows)}
    above = first.split(".")[:-1]
    ends = (".".join([*above[:depth], last]) for depth in range(len(above), -1, -1))
    end = next((places[end] for end in ends if end in places), None)
    if first not in places or end is None:
        return []
    start, end = sorted((places[first], end))
    family = [rows[end]["anchor"]]
    for row in rows[end + 1 :]:
        if row["kind"] not in BELOW or (row["parent"] or [""])[-1] not in family:
            break
        family.append(row["anchor"])
    return rows[start : end + len(family)]


def cite(data, link):
    """Returns (True if the link's words are proved, lines for a reader). A range is compared with its current
    words; a link without fingerprint proves none, and gets all texts of its address.
    """
    symbol, anchor, cited = resolved(data, link) or (link, "", "-")
    first, hyphen, _last = anchor.partition("-")
    if hyphen and (*data.held(symbol), first) in data.issued:
        if not cited:
            raise NotALinkError(anchor)
        blocks = range_of(data, symbol, anchor)
        if not digest("\n".join(row["text"] for row in blocks)).startswith(cited):
            blocks = []
        texts = [row for block in blocks for row in forms_of(data, block)]
        forms = len({(place_of(row), row["text"]) for row in texts}) > len(blocks)
        fate = (IDENTICAL_BUT_FORM if forms else IDENTICAL) if blocks else RANGE_DIFFERS
        return bool(blocks), [f"[{fate}] {symbol}/p/{anchor}：{WORDS[fate]}", *told("所引文字", texts)]
    if cited:
        answers = answers_to(data, symbol, anchor, cited)[-1:]
    else:
        answers = [row for place in places_of(data, symbol, anchor) for row in data.answers[place]]
    lines = [] if cited or not answers else ["链接没有指纹，不能证明所引的字句；这个地址指过的如下。"]
    for row in answers:
        lines.append(f"[{row['fate']}] {_said(row)}：{WORDS[row['fate']]}")
        lines += told("所引文字", forms_of(data, row))
        lines += told("本包中的文字", [data.paragraphs[tuple(row["now"])]] if row["now"] else [])
        lines += told("同样的字句", [data.paragraphs[tuple(other)] for other in row["others"]])
    if not answers:
        lines.append(f"[{NEVER_ISSUED}] {link}：{WORDS[NEVER_ISSUED]}")
    return bool(cited) and any(row["fate"] in PROVED for row in answers), lines


def told(label, rows):
    """Generates lines on texts for a reader, with their dates, reasons and who decided."""
    for row in rows:
        kept_back = f"自{row.get('revoked')}起依法不予显示；早先的存证包里若有，请不要再引用或传播。"
        yield f"  {label}（{_said(row)}）：{kept_back if row['text'] is None else row['text']}"
        for name, what in (("since", "起"), ("until", "止"), ("reason", "缘由"), ("by", "决定者")):
            if row.get(name):
                yield f"    {what}：{row[name]}"


# --- the command ---


def check_bundle(bundle, key=None, allow_unsigned=False, texts=True, newer=None):
    """Checks a bundle; returns (manifest or None, findings). ``newer`` is a later one, itself checked."""
    manifest, content, trouble = read_manifest(bundle)
    if trouble:
        return None, [trouble]
    findings = [*check_signature(bundle, content, key, allow_unsigned), *check_files(bundle, manifest)]
    try:
        data = Data(bundle, manifest)
        findings += [*check_texts(data), *check_links(data)] if texts else ()
        if newer:
            findings += check_bundle(newer, key, allow_unsigned)[1] or check_newer(data, Data(newer))
    except UNREADABLE as error:
        findings.append(Finding("bad-data", "data/", f"数据残缺，无法核对（{error!r}）；请重新取得。"))
    return manifest, findings


def report(bundle, key, allow_unsigned, texts=True, newer=None):
    """Checks a bundle; returns lines for a reader, and True if there are no findings."""
    manifest, findings = check_bundle(bundle, key, allow_unsigned, texts, newer)
    if findings:
        return [*map(str, findings), f"核对未通过：{len(findings)}处不符。"], False
    figures, file = manifest["figures"], bundle / PUBLIC_KEY
    public = file.read_text("ascii").strip() if file.is_file() else ""
    counted = f"{figures['documents']}份文件，{figures['paragraphs']}段，历次文字{figures['issued_texts']}条"
    lines = [f"核对通过：{len(manifest['files'])}个文件，{counted}。"]
    if manifest.get("changed"):
        lines.append(f"本包所载是截至{manifest['changed'][:10]}的文字；此后的改动不在其中。")
    if newer:
        lines.append(f"{figures['issued_texts'] + figures['short_links']}条链接在较新的包里都有着落。")
    whose = "正是所给公钥所签" if key else f"公钥{public}；请与本库另行公布的比对，或用--key给出"
    lines.append(f"签名有效，{whose}。" if public else "没有签名：不能证明出自何处。")
    return lines, True


def main(arguments=None):
    parser = argparse.ArgumentParser(description="核对1540文献库的存证包。Checks a bundle.")
    here = Path(__file__).resolve().parent
    parser.add_argument("bundle", nargs="?", type=Path, default=here, help="存证包所在文件夹")
    parser.add_argument("--key", help="应有的公钥：64位十六进制数字，或载有它的文件")
    parser.add_argument("--allow-unsigned", action="store_true", help="没有签名也算通过")
    parser.add_argument("--newer", metavar="DIR", type=Path, help="较新的包：本包的链接在其中有没有着落")
    parser.add_argument("--cite", metavar="LINK", help="要证明的链接")
    parser.add_argument("--receipt", help="核对的存证，连同其签名")
    given = parser.parse_args(arguments)
    try:
        key = read_key(given.key) if given.key else None
    except (OSError, ValueError):
        parser.error("--key不是64位十六进制数字，也不是载有公钥的文件。")
    asked = given.cite or given.receipt
    lines, sound = report(given.bundle, key, given.allow_unsigned, not asked, given.newer)
    if not asked or not sound:
        sys.stdout.write("\n".join(lines) + "\n")
        return 0 if sound else 1
    data = Data(given.bundle)
    if data.version < ANSWERED:
        parser.error(f"这个包是第{data.version}版；请用包内自带的verify.py查它的链接。")
    said = []
    if given.receipt:
        try:
            value = open_receipt(given.receipt, key or read_key(str(given.bundle / PUBLIC_KEY)))
        except UNREADABLE:
            parser.error("存证残缺、被改动过，或不是这把钥匙所签；旧钥匙所签的，用--key给出那把公钥。")
        said = [f"存证，{value['when']}：“{value['asked']['quote']}”，{value['verdict']}。"]
        asked = value["url"]
        if not asked:
            sys.stdout.write("\n".join([*said, "当时没有查到这些文字，没有链接可以再查。"]) + "\n")
            return 0
    try:
        proved, lines = cite(data, asked)
    except NotALinkError:
        parser.error("这不是段落链接，或是没有指纹的区间；应如https://…/S/2010/52/p/annex.14/3f9a2c1b。")
    sys.stdout.write("\n".join([*said, *lines, AS_OF.format(data.as_of)]) + "\n")
    return 0 if proved else 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
