"""Query planning: compiles a parsed query into the conditions of an engine."""
