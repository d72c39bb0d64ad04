"""From a query as read to what an engine is asked."""
