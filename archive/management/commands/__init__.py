"""Commands of the archive: each parses its arguments, calls one function and says what was done."""
