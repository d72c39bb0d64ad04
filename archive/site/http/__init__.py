"""HTTP: addresses, parameters, paging, conditional requests, limits and errors."""
