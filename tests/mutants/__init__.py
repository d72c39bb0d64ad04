"""Whether the tests see a wrong turn: small faults, put in one at a time, that some test must notice.

``make mutants`` takes a copy of the project, puts each fault of ``faults.MUTANTS`` in, and asks the tests
that hold the rule. A fault that no test notices survives, and is printed. The faults are ties and edges of
decisions: what happens with two equal candidates, at the last place that still counts, at the first.
"""
