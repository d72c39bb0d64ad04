"""Conditions as queries of OpenSearch: the same paragraphs, scored so that the likely ones come first.

The order of a list is made of signals (``engine.signals``); a score here only chooses the candidates.

Of a literal condition it is made of how often that holds. A string of two and more characters is a phrase of
bigrams, whose similarity is its frequency, once for each bigram of it. What a frequency does not tell is
counted by a script from the folded text, in those paragraphs alone that hold its strings: a string that
overlaps itself, one that does not count inside longer ones, asterisks, nearness. The scripts follow
``search.engine.index``: ``literal``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from archive.text.folding import fold_literally
from search.engine.index.literal import overlapping
from search.engine.searcher.reader import FACTOR
from search.query.language.conditions import (
    CONTEXT,
    LITERAL,
    TEXT,
    AllOf,
    AnyNode,
    AnyOf,
    Concept,
    Contains,
    Everything,
    Filter,
    Form,
    Literal,
    NearBy,
    Pattern,
    Ranked,
    Several,
    Term,
    Without,
)
from search.query.text.marked_words import ENDING, GAP, pieces_of

from .mapping import CHARACTERS, FOLDED

Query = dict[str, Any]
NOTHING: Query = {"match_none": {}}
ALL: Query = {"match_all": {}}

# How often each of ``strings`` stands there without overlap, times its weight.
COUNT = """
String text = params._source.folded;
int sum = 0;
for (int i = 0; i < params.strings.size(); i++) {
  String string = params.strings.get(i);
  int at = text.indexOf(string);
  while (at >= 0) {
    sum += params.weights.get(i);
    at = text.indexOf(string, at + string.length());
  }
}
return Math.max(0, sum);
"""

# The pieces one after the other with few characters between them, the last looked for first.
PATTERN = """
String text = params._source.folded;
List starts = null;
List ends = null;
for (int i = params.pieces.size() - 1; i >= 0; i--) {
  String piece = params.pieces.get(i);
  List begin = new ArrayList();
  List end = new ArrayList();
  int next = 0;
  int at = text.indexOf(piece);
  while (at >= 0) {
    int behind = at + piece.length();
    if (starts == null) {
      begin.add(at);
      end.add(behind);
    } else {
      while (next < starts.size() && (int) starts.get(next) < behind) { next++; }
      if (next < starts.size() && text.codePointCount(behind, (int) starts.get(next)) <= params.gap) {
        begin.add(at);
        end.add(ends.get(next));
      }
    }
    at = text.indexOf(piece, at + 1);
  }
  starts = begin;
  ends = end;
}
int count = 0;
int free = 0;
for (int i = 0; i < starts.size(); i++) {
  if ((int) starts.get(i) >= free) {
    count++;
    free = (int) ends.get(i);
  }
}
return count;
"""

# Places of the first strings with one of the second near them: few characters between, or no end of a
# sentence before the last character of the two (``within`` below 0).
NEAR = """
boolean close(String text, int start, int end, int other, int last, int within, String ending) {
  if (within >= 0) { return text.codePointCount(end, other) <= within; }
  for (int i = start; i < last - 1; i++) {
    if (ending.indexOf(text.substring(i, i + 1)) >= 0) { return false; }
  }
  return true;
}
String text = params._source.folded;
int count = 0;
for (String first : params.first) {
  int free = 0;
  int at = text.indexOf(first);
  while (at >= 0) {
    int end = at + first.length();
    boolean hit = false;
    for (String second : params.second) {
      int after = text.indexOf(second, end);
      if (after >= 0 && close(text, at, end, after, after + second.length(), params.within, params.ending)) {
        hit = true;
      }
      if (!params.ordered && at >= second.length()) {
        int before = text.lastIndexOf(second, at - second.length());
        if (before >= 0
            && close(text, before, before + second.length(), at, end, params.within, params.ending)) {
          hit = true;
        }
      }
    }
    if (hit && at >= free) {
      count++;
      free = end;
    }
    at = text.indexOf(first, at + 1);
  }
}
return count;
"""


def holding(string: str) -> Query:
    """Builds the query for paragraphs with a string, after folding."""
    needle = fold_literally(string)
    if not needle or not _may_stand(needle):
        return NOTHING
    if len(needle) == 1:
        return {"term": {CHARACTERS: needle}}
    return {"match_phrase": {FOLDED: needle}}


def _may_stand(text: str) -> bool:
    """Returns False for what cannot be sent and stands in no text: half of a pair of surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def counting(condition: Literal) -> Query:
    """Returns the paragraphs that satisfy ``condition``, each scored by how often it does."""
    match condition:
        case Contains(text, apart_from=longer):
            needle = fold_literally(text)
            if not needle or not _may_stand(needle):
                return NOTHING
            if longer or overlapping(needle):
                others = [fold_literally(string) for string in longer]
                weights = [1, *(-other.count(needle) for other in others)]
                return _scripted(holding(text), COUNT, {"strings": [needle, *others], "weights": weights})
            if len(needle) < 3:
                return holding(text)
            return _script_score(holding(text), "_score / params.bigrams", {"bigrams": len(needle) - 1})
        case Pattern(text):
            pieces = pieces_of(text) if _may_stand(text) else []
            each = {"bool": {"filter": [holding(piece) for piece in pieces]}}
            return _scripted(each, PATTERN, {"pieces": [*pieces], "gap": GAP}) if pieces else NOTHING
        case NearBy(first, second, within, ordered):
            sides = [
                [*filter(None, map(fold_literally, filter(_may_stand, side)))] for side in (first, second)
            ]
            if not all(sides):
                return NOTHING
            both = {"bool": {"filter": [_one_of(side) for side in sides]}}
            return _scripted(
                both,
                NEAR,
                {
                    "first": sides[0],
                    "second": sides[1],
                    "within": -1 if within is None else within,
                    "ordered": ordered,
                    "ending": ENDING,
                },
            )


def _literally(condition: Literal) -> Query:
    """Returns the paragraphs that satisfy ``condition``, with the scores that it gives."""
    found = counting(condition)
    return _script_score(found, "params.least + _score / (_score + 1)", {"least": LITERAL})


def _one_of(strings: Iterable[str]) -> Query:
    return {"bool": {"should": [holding(string) for string in strings], "minimum_should_match": 1}}


def _scripted(query: Query, source: str, params: dict[str, Any]) -> Query:
    """Builds the query for paragraphs of ``query`` for which a script counts anything."""
    found = _script_score({"constant_score": {"filter": query}}, source, params)
    found["script_score"]["min_score"] = 0.5
    return found


def _script_score(query: Query, source: str, params: dict[str, Any]) -> Query:
    return {"script_score": {"query": query, "script": {"source": source, "params": params}}}


def kept(node: AnyNode) -> Query:
    """Returns the paragraphs of ``node``, without scores: what is equal terms of one field as one clause."""
    match node:
        case Term(name, value):
            return {"term": {name: value}} if value and _may_stand(value) else NOTHING
        case Filter(name, values):
            return {"terms": {name: sorted(values)}}
        case Everything():
            return ALL
        case Contains() | Pattern() | NearBy():
            return counting(node)
        case AnyOf(nodes):
            terms: dict[str, list[str]] = {}
            others = []
            for one in nodes:
                if isinstance(one, Term) and one.value and _may_stand(one.value):
                    terms.setdefault(one.field, []).append(one.value)
                else:
                    others.append(kept(one))
            return _any([*({"terms": {name: values}} for name, values in terms.items()), *others])
        case AllOf(nodes):
            return {"bool": {"filter": [*map(kept, nodes)]}} if nodes else NOTHING
        case Without(inner, excluded):
            return {"bool": {"filter": [kept(inner)], "must_not": [kept(excluded)]}}
        case Several(weighted, least):
            return _several([kept(inner) for inner, _weight in weighted], least)
        case Concept() | Ranked():
            concepts = node.concepts if isinstance(node, Ranked) else (replace(node, narrower=()),)
            forms = (form for one in concepts for form in (*one.typed, *one.same, *one.narrower))
            return kept(AnyOf(tuple(form.node for form in forms)))


def scored(node: AnyNode) -> Query:
    """Returns the paragraphs of ``node``, with scores."""
    match node:
        case Term(name, value) if name in (TEXT, CONTEXT):
            found = {"term": {name: {"value": value, "boost": FACTOR}}}
            return found if value and _may_stand(value) else NOTHING
        case Term() | Filter() | Everything():
            return _constant(node, 0)
        case Several(weighted, least):
            boosted = (
                {"bool": {"must": [scored(inner)], "boost": weight}}
                for inner, weight in weighted
                if kept(inner) != NOTHING
            )
            return _several([*boosted], least)
        case Contains() | Pattern() | NearBy():
            return _literally(node)
        case AnyOf(nodes):
            return _any(map(scored, nodes))
        case AllOf(nodes):
            return {"bool": {"must": [*map(scored, nodes)]}} if nodes else NOTHING
        case Without(inner, excluded):
            return {"bool": {"must": [scored(inner)], "must_not": [kept(excluded)]}}
        case Concept():
            return _best([*_forms(node.typed), *_forms(node.same)])
        case Ranked(concepts):
            raising = [
                _best(
                    [
                        *(
                            query
                            for forms in (one.typed, one.same, one.narrower, one.related)
                            for query in _forms(forms)
                        ),
                        *(_constant(form.node, form.weight) for form in one.context),
                    ]
                )
                for one in concepts
            ]
            found = kept(node)
            return found if found == NOTHING else {"bool": {"filter": [found], "should": raising}}


def _several(queries: list[Query], least: int) -> Query:
    return {"bool": {"should": queries, "minimum_should_match": least}} if len(queries) >= least else NOTHING


def _forms(forms: Iterable[Form]) -> Iterable[Query]:
    """Generates the queries of forms: words by BM25, others scored as a word of some rarity."""
    for form in forms:
        words = form.node.nodes if isinstance(form.node, AnyOf) else (form.node,)
        if all(isinstance(one, Term) and one.field == TEXT for one in words):
            query = scored(form.node)
            yield {"bool": {"must": [query], "boost": form.weight}} if query != NOTHING else NOTHING
        else:
            yield _constant(form.node, FACTOR * form.weight)


def instead_of(concepts: Iterable[Concept]) -> Query:
    """Builds the query for what is related to ``concepts``, which match nowhere."""
    return _any(_best(_forms(one.related)) for one in concepts)


def holding_all(concepts: Iterable[Concept]) -> Query:
    """Builds the query for paragraphs with every one of ``concepts``, in the text or the headings above."""
    held = [
        kept(AnyOf(tuple(form.node for form in (*one.typed, *one.same, *one.context)))) for one in concepts
    ]
    return {"bool": {"filter": held}}


def _constant(node: AnyNode, score: float) -> Query:
    query = kept(node)
    return query if query == NOTHING else {"constant_score": {"filter": query, "boost": score}}


def _best(queries: Iterable[Query]) -> Query:
    held = [query for query in queries if query != NOTHING]
    return held[0] if len(held) == 1 else {"dis_max": {"queries": held}} if held else NOTHING


def _any(queries: Iterable[Query]) -> Query:
    held = [query for query in queries if query != NOTHING]
    if len(held) < 2:
        return held[0] if held else NOTHING
    return {"bool": {"should": held, "minimum_should_match": 1}}
