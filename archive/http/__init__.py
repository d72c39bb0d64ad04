"""HTTP: addresses, parameters, paging, conditional requests, negotiation, limits and errors."""
