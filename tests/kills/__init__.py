"""``python -m tests.kills [--kills N] [--seed S] [--jobs N] [--postgres] [operation …]``: kills operations.

For each operation a warm process, which has served the site before, forks; the child is killed at the n-th
SQL statement or file step, or after some time of its own. Then another child of the same server looks:
nothing may be torn, not even for what it remembers. It runs the operation again, and what is stored must be
what it is without a kill, no file left over. ``steps`` counts and kills, ``operations`` says what is done,
``state`` compares, ``run`` puts them together.
"""
