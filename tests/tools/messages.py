"""Writes the catalogues: ``python -m tests.tools.messages``, which is ``make messages``.

Messages are extracted; the traditional catalogue is converted by OpenCC and ``words.txt`` beside it; what is
complete is compiled, and thereby offered to readers. ``--check`` writes nothing and tells what is not so.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import opencc

LOCALES = Path(__file__).resolve().parents[2] / "archive" / "locale"
ENTRY = re.compile(r'((?:#.*\n)*)(msgctxt (?:".*"\n)+)?msgid ((?:".*"\n)+)(?:msgid_plural ((?:".*"\n)+))?')
KEPT = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\d*\}|</?\w+|=\"[^\"]*\"")
NOUNS = str.maketrans("⟨∣⟩", "\ufdd0\ufdd1\ufdd2")


def entries(catalogue: str) -> list[dict[str, object]]:
    """Returns the entries of a catalogue: what stands before their translations, and these."""
    found = []
    for piece in re.split(r"\n\n+", catalogue.strip()):
        head = ENTRY.match(piece + "\n")
        if head is None:
            continue
        quoted = re.findall(r"^msgstr(?:\[\d\])? ((?:\".*\"\n?)+)", (piece + "\n")[head.end() :], re.M)
        found.append(
            {
                "head": head[0],
                "of": [_text(head[3]), _text(head[4] or "")],
                "as": [_text(one) for one in quoted],
            }
        )
    return found


def _text(quoted: str) -> str:
    return "".join(map(ast.literal_eval, quoted.splitlines()))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", '\\n"\n"') + '"'


@cache
def _words() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    lines = (LOCALES / "zh_Hant" / "words.txt").read_text("utf-8").splitlines()
    parts: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        if line.startswith("["):
            part = parts.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            before, after = line.split("\t")
            part.append((before, after))
    return parts["before"], parts["after"]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")  # s2twp would put other words, and change lengths


def traditional(text: str) -> str:
    """Returns a message in traditional letters and the words of Taiwan."""
    before, after = _words()
    for old, new in before:
        text = text.replace(old, new)
    text = _converter().convert(text)
    for old, new in after:
        text = text.replace(old, new)
    return text


def catalogue(locale: str) -> Path:
    return LOCALES / locale / "LC_MESSAGES" / "django.po"


def convert() -> None:
    """Writes the traditional catalogue anew, each message converted from its key."""
    path = catalogue("zh_Hant")
    top = path.read_text("utf-8").partition("\n\n")[0]
    written = [top]
    for entry in entries(path.read_text("utf-8"))[1:]:
        single, plural = entry["of"]
        told = (
            f"msgstr[0] {_quoted(traditional(plural))}"
            if plural
            else f"msgstr {_quoted(traditional(single))}"
        )
        written.append(entry["head"] + told)
    path.write_text("\n\n".join(written) + "\n", "utf-8")


def faults(locale: str) -> list[str]:
    """Returns what a catalogue lacks: translations, placeholders and tags of its messages."""
    found = []
    for entry in entries(catalogue(locale).read_text("utf-8"))[1:]:
        single, plural = entry["of"]
        if not entry["as"] or not all(entry["as"]):
            found.append(f"not translated: {single}")
            continue
        wanted = set(KEPT.findall(plural or single))
        for text in entry["as"]:
            if lost := wanted ^ set(KEPT.findall(text)):
                found.append(f"{', '.join(sorted(lost))} lost or added: {single}")
    return found


def compiled(locale: str) -> bytes:
    """Returns the catalogue as gettext reads it, with the marks of counted nouns as pages settle them.

    Chinese sets sentences on end without a blank, and so do templates: behind an English one stands a blank.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "django.po"
        text = catalogue(locale).read_text("utf-8").translate(NOUNS)
        if locale == "en":
            text = "\n\n".join(map(_spaced, text.split("\n\n")))
        source.write_text(text, "utf-8")
        made = subprocess.run(["msgfmt", "-o", "-", source], check=True, capture_output=True)
    return made.stdout


def _spaced(entry: str) -> str:
    """Returns an entry of the English catalogue, a blank behind the sentence of a template."""
    sentence = entry.startswith("#: templates/") and re.search(r'^msgid .*[。？！]"$', entry, re.M)
    return re.sub(r'^(msgstr .*[.?!])"$', r'\1 "', entry, flags=re.M) if sentence else entry


def pseudo(text: str) -> str:
    """Returns a message as nobody's language has it: its placeholders and tags, and no Chinese letter."""
    return f"⟦{re.sub('[⺀-鿿]', 'x', text)}⟧"


def compile_pseudo(folder: Path, locale: str = "en") -> None:
    """Writes a catalogue of ``pseudo`` messages below ``folder``, a LOCALE_PATHS."""
    written = [catalogue(locale).read_text("utf-8").partition("\n\n")[0]]
    for entry in entries(catalogue(locale).read_text("utf-8"))[1:]:
        forms = [f"msgstr[{n}] {_quoted(pseudo(entry['of'][n]))}" for n in (0, 1)] if entry["of"][1] else []
        written.append(entry["head"] + "\n".join(forms or [f"msgstr {_quoted(pseudo(entry['of'][0]))}"]))
    target = folder / locale / "LC_MESSAGES"
    target.mkdir(parents=True)
    (target / "django.po").write_text("\n\n".join(written) + "\n", "utf-8")
    subprocess.run(["msgfmt", "-o", target / "django.mo", target / "django.po"], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where that is needed")
    check = parser.parse_args().check
    if not check:
        subprocess.run([sys.executable, "manage.py", "makemessages"], check=True)
        convert()
    wrong = 0
    for locale in sorted(path.name for path in LOCALES.iterdir() if path.is_dir()):
        binary, missing = catalogue(locale).with_suffix(".mo"), faults(locale)
        offered = binary.exists()
        for fault in missing[:20] if offered else ():
            print(f"{locale}: {fault}")
        print(f"{locale}: {len(missing)} messages to do{', not offered yet' if not offered else ''}")
        if missing:
            wrong += offered
        elif not check:
            binary.write_bytes(compiled(locale))
        else:
            wrong += binary.read_bytes() != compiled(locale) if offered else 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
