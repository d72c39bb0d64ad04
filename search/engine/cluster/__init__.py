"""A cluster of OpenSearch as an index: conditions as its queries, facets as aggregations."""
