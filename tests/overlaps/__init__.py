"""``python -m tests.overlaps [--postgres] [FIRST,SECOND …]``: two acts at once, one stopped in its midst.

Each act is a command in a process of its own. The first stops before one of its SQL statements; the second
runs until it ends or waits for the first; then the first goes on. However they meet, the outcome must be that
of one after the other: equal rows, no deadlock, nothing lost. On SQLite; with ``--postgres`` on a private
server that is started and removed; or on that which TEST_DATABASE_URL names.
"""
