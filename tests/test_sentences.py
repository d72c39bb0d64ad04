"""Sentences are whole messages: an interface in another language orders their words and links as it needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils.translation import override

from .tables import rows_from

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
MESSAGE = re.compile(
    r"\{%\s*translate\s+(?P<quote>[\"'])(?P<short>.*?)(?P=quote)[^%]*%\}"
    r"|\{%\s*blocktranslate\b[^%]*%\}(?P<long>.*?)\{%\s*endblocktranslate\s*%\}",
    re.DOTALL,
)
BEGINS_LATE = re.compile(r"[，。：；、！？）”)]")
ENDS_EARLY = re.compile(r"[，；、（“(]$")
# After a colon the paragraph, the cell or the branch ends, or the sentence goes on outside of its message.
ENDS_HERE = re.compile(r"(?:\{%[^%]*%\})*</(?:p|dt|th|td|li|h[1-6]|label|legend|caption|summary|button)>")
# A link between two messages of which the first has not come to its end.
GOES_ON = re.compile(
    r"(?:</?(?:a|b|i|em|strong|code)(?:\s(?:\{%.*?%\}|\{\{.*?\}\}|[^>{])*)?>)+(?=\{%\s*(?:block)?translate\b)"
)
# What stands between the items of a list is a message of ``listed``, not written for each loop.
OWN_SEPARATOR = re.compile(r"\{%\s*if (?:not )?forloop\.last\s*%\}(?:\{%\s*translate\s+\")?[、，；。]")


def pieces(text: str) -> list[str]:
    """The messages of a template that are no whole sentences, as far as a simple rule can tell."""
    found = [match[0] for match in OWN_SEPARATOR.finditer(text)]
    for match in MESSAGE.finditer(text):
        message = (match["short"] or match["long"] or "").strip()
        rest = text[match.end() :]
        if (
            BEGINS_LATE.match(message)
            or ENDS_EARLY.search(message)
            or (message.endswith("：") and not ENDS_HERE.match(rest) and not rest.startswith("{% el"))
            or (GOES_ON.match(rest) and not message.endswith(("。", "！", "？")))
        ):
            found.append(match[0])
    return found


@pytest.mark.parametrize(
    ("text", "count"),
    rows_from(__name__, "test_the_rule_tells_pieces_from_sentences"),
)
def test_the_rule_tells_pieces_from_sentences(text, count):
    assert len(pieces(text)) == count


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.*")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_joins_a_sentence_from_pieces(path):
    assert not pieces(path.read_text())


def rendered(source: str, **values: object) -> str:
    engine = Engine(libraries={"sentences": "archive.templatetags.sentences"})
    return engine.from_string("{% load sentences %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("words", "inside", "after", "xs", "shown"),
    [
        ("x in xs", "{{ x }}", "", ["甲", "乙", "丙"], "甲、乙、丙"),
        ("x in xs", "{{ x }}", "", ["甲"], "甲"),
        ("x in xs", "{{ x }}", "", [], ""),
        ("x in xs", "{{ x }}", "", None, ""),
        ("x in xs", "{{ x }}", "", ["<b>", "100%"], "&lt;b&gt;、100%"),
        ("x in xs by clauses", "{{ x }}", "", "甲乙", "甲，乙"),
        ("x in xs by parts", "{{ x }}", "", "甲乙", "甲；乙"),
        ("x in xs by quotations", "“{{ x }}”", "", "甲乙", "“甲”“乙”"),
        ("x in xs by choices", "{{ x }}", "", "甲乙", "甲 · 乙"),
        ("x in xs by marked", "<i>{{ x }}{{ mark }}</i>", "", "甲乙", "<i>甲、</i><i>乙</i>"),
        ("x in xs as all", "<i>{{ x }}</i>", "见{{ all }}。", "甲乙", "见<i>甲</i>、<i>乙</i>。"),
        ("x, y in xs by clauses as all", "{{ y }}{{ x }}", "{{ all }}{{ x }}", ["12", "34"], "21，43外"),
    ],
)
def test_a_list_is_joined_in_the_language_of_the_page(words, inside, after, xs, shown):
    with override("zh-hans"):
        assert rendered(f"{{% listed {words} %}}{inside}{{% endlisted %}}{after}", xs=xs, x="外") == shown


@pytest.mark.parametrize(
    "source",
    rows_from(__name__, "test_a_list_written_wrong_is_told_when_the_template_is_read"),
)
def test_a_list_written_wrong_is_told_when_the_template_is_read(source):
    with pytest.raises(TemplateSyntaxError):
        rendered(source)
