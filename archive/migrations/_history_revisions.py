"""Numbers for what happened before the archive had a revision: acts in the order in which they happened.

Times alone do not tell it where a clock once stood back: then texts of a document came in the order of their
keys, and none ended before it began.
"""

HISTORY = {
    "IssuedText": (("since", "since_revision"), ("until", "until_revision")),
    "MovedAnchor": (("moved", "revision"),),
    "RetiredDocument": (("at", "at_revision"), ("lifted", "lifted_revision")),
}
AT_ONCE = 500


def number_history(models) -> int:
    """Gives every row of the history its revisions, from 1 on; returns the last that was given.

    ``models`` are those of ``HISTORY`` by name. What has the same time is one act.
    """
    numbers = _numbers(models)
    for name, columns in HISTORY.items():
        rows = models[name].objects.order_by("pk")
        batch = []
        for row in rows.iterator(chunk_size=AT_ONCE):
            for moment, revision in columns:
                setattr(row, revision, numbers.get(getattr(row, moment), None))
            batch.append(row)
        models[name].objects.bulk_update(
            batch, [revision for _moment, revision in columns], batch_size=AT_ONCE
        )
    return len(numbers)


def _numbers(models) -> dict:
    """Moment → number, in the order in which things happened."""
    happened = {}  # moment → the time at which it must have been, at the earliest
    latest = {}  # (symbol, language) → the same, of the text that came last
    issued = list(
        models["IssuedText"].objects.order_by("pk").values_list("symbol", "language", "since", "until")
    )
    for symbol, language, since, _until in issued:
        before = latest.get((symbol, language), since)
        latest[symbol, language] = happened[since] = max(happened.get(since, since), before)
    for _symbol, _language, since, until in issued:
        if until is not None:
            happened[until] = max(happened.get(until, until), happened[since])
    for name in ("MovedAnchor", "RetiredDocument"):
        for moment, _revision in HISTORY[name]:
            for at in models[name].objects.exclude(**{moment: None}).values_list(moment, flat=True):
                happened.setdefault(at, at)
    # The sort is stable: what must have been at one time stays in the order in which it was found.
    return {moment: number for number, moment in enumerate(sorted(happened, key=happened.get), start=1)}
