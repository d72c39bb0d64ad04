"""An answer as JSON: DESIGN.md section 7, with more keys."""

from __future__ import annotations

from archive.http.addresses import concept_path
from archive.values import fields_of
from search.engine.protocols import FACETS, Found
from search.query import unparse
from search.query.messages import message_of
from search.schemas import results

from .additions import additions, named_concepts
from .answer import Answer, Group, Hit
from .mentioned_things import things
from .presenter import jump_link, only_otherwise


def as_json(answer: Answer, following: str | None = None) -> results.Search:
    """The machine twin of the results page: DESIGN.md section 7, with more keys. ``following`` is the address
    of the next page.
    """
    found = answer.found
    jump = jump_link(answer)
    return results.Search(
        query=answer.query.text,
        understood=unparse(answer.query.root),
        mode=answer.mode,
        tokens=answer.plan.tokens,
        asking=answer.plan.asking,
        expansions=[addition.as_json() for addition in additions(answer)],
        concepts=[
            results.ConceptLink(slug=one.slug, name=one.name, url=concept_path(one.slug))
            for one in named_concepts(answer)
        ],
        added={text: [one.term for one in found] for text, found in answer.added.items()},
        total=results.SearchTotal(
            occurrences=_occurrences(answer),
            paragraphs=found.paragraphs if found else 0,
            documents=found.documents if found else 0,
            all_words=found.complete if found and answer.plan.concepts else None,
            as_typed=answer.typed.paragraphs if answer.typed else found.paragraphs if found else 0,
        ),
        as_typed=_as_typed(answer.typed),
        literal=answer.literal_count,
        near=found.beside if found else 0,
        results=[hit_as_json(hit) for hit in answer.hits],
        groups=[_group_as_json(group) for group in answer.groups] if answer.groups is not None else None,
        facets=_facets(found),
        filters={name: list(values) for name, values in answer.asked.filters.items()},
        sort=answer.asked.sort,
        page=answer.asked.page,
        pages=answer.pages,
        next=following,
        jump=results.Jump(label=jump.label, url=jump.url, held=jump.held) if jump else None,
        entities=[thing.as_json() for thing in things(answer)],
        variants=[(variant.text, variant.count) for variant in answer.variants],
        otherwise=[
            results.OtherWriting(text=one.text, count=one.count, by=str(one.by))
            for one in only_otherwise(answer)
        ],
        written=answer.written or None,
        corrections=[(c.piece, c.meant, c.count) for c in answer.corrections],
        absent=[
            results.AbsentPart(
                text=one.text,
                pieces=list(one.pieces),
                inside=one.inside,
            )
            for one in answer.absent
        ],
        nearby=list(answer.nearby),
        corpus=results.Corpus(
            paragraphs=answer.corpus_paragraphs,
            documents=answer.corpus_documents,
            indexed_at=answer.indexed_at,
            **fields_of(answer.coverage.as_json()),
        ),
        errors=[
            results.QueryProblem(
                code=str(problem.code),
                at=problem.at,
                text=problem.text,
                message=message_of(problem),
            )
            for problem in answer.plan.problems
        ],
    )


def _as_typed(typed: Found | None) -> results.AsTyped | None:
    """Counts and facets of what would be found without the words that were added; None where none were."""
    if typed is None:
        return None
    return results.AsTyped(
        paragraphs=typed.paragraphs,
        documents=typed.documents,
        facets=_facets(typed),
    )


def _facets(found: Found | None) -> results.Facets:
    return results.Facets(**{name: found.facets[name] if found else [] for name in FACETS})


def _occurrences(answer: Answer) -> int | None:
    """Certain where all that was asked is quoted; None where words were asked, whose occurrences nobody
    counts.
    """
    return answer.found.occurrences if answer.found and answer.mode in ("literal", "mixed") else None


def _group_as_json(group: Group) -> results.HitsOfDocument:
    first = group.hits[0]
    return results.HitsOfDocument(
        symbol=first.symbol,
        title=first.title,
        paragraphs=group.paragraphs,
        results=[hit_as_json(hit) for hit in group.hits],
    )


def hit_as_json(hit: Hit) -> results.Hit:
    """One result."""
    return results.Hit(
        url=hit.url,
        symbol=hit.symbol,
        anchor=hit.anchor,
        fingerprint=hit.fingerprint,
        place=hit.place,
        title=hit.title,
        **hit.dates.as_json(),
        who=hit.who or None,
        kind=hit.kind,
        ocr_confidence=hit.ocr_confidence,
        text=hit.text,
        snippet=f"{'…' if hit.snippet.before else ''}{hit.snippet.html}{'…' if hit.snippet.after else ''}",
        highlights=list(hit.marks),
        near=hit.near,
    )
