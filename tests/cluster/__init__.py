"""Both engines held against each other, on a cluster of three nodes: ``make test-cluster``."""
