"""HTTP handling that all search pages share: conditional requests, refusals, addresses."""
