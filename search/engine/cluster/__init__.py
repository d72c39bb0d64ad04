"""A cluster of OpenSearch that answers whole questions: conditions as its queries, facets as aggregations."""
