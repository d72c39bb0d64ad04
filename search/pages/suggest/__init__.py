"""Autocomplete (typeahead) of the search box, spelling correction, and other suggestions to an answer."""
