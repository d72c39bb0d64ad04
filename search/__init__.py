"""Search: a query is read, planned, answered and shown. The index can always be built anew."""
