"""The settings of the tests, with the nodes of ``tests.cluster`` as the engine."""

from tests.settings import *  # noqa: F403

from .nodes import URLS

# Patience for a machine that has more to do: what is measured is not how fast it is.
SEARCH_CLUSTER = {"urls": URLS, "shards": 3, "replicas": 1, "prefix": "tests", "timeout": 60.0}
