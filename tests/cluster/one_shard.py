"""The settings of the tests of search, each answered by the cluster: small indexes, in one shard each."""

import os

from .settings import *  # noqa: F403
from .settings import SEARCH_CLUSTER

SEARCH_CLUSTER = {**SEARCH_CLUSTER, "shards": 1, "replicas": 0, "prefix": f"tests-{os.getpid()}"}
