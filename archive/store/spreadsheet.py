"""Cells of tables that people open in a spreadsheet: no text of a document becomes a formula."""

BYTE_ORDER_MARK = "\ufeff"
# As OWASP lists them; the wide ones for programs that are set to Chinese.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """Returns a value as a cell; text that a spreadsheet would run as a formula gets an apostrophe.

    >>> cell("=1+1")
    "'=1+1"
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
