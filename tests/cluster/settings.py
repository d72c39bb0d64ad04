"""The settings of the tests, with the nodes of ``tests.cluster`` as the engine."""

from tests.settings import *  # noqa: F403

from .nodes import URLS

SEARCH_CLUSTER = {"urls": URLS, "shards": 3, "replicas": 1, "prefix": "tests", "timeout": 10.0}
