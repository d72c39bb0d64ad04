"""``python -m tests.kills [--kills N] [--seed S] [operation …]``: kills each operation in its midst.

A warm parent forks; the child is killed at the n-th SQL statement or file step, or after some time of its
own. Then another child looks: nothing may be torn. It runs the operation again, and what is stored must be
what it is without a kill, no file left over. ``steps`` counts and kills, ``operations`` says what is done,
``state`` compares, ``run`` puts them together.
"""
