"""Why a text is no symbol: one code for each cause, with words for readers."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The causes that a reader can be told of."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    NO_SERIES = "no_series"
    UNKNOWN_SERIES = "unknown_series"
    SESSION_NUMBER = "session_number"
    INCOMPLETE = "incomplete"
    SHAPE = "shape"
    YEAR = "year"
    PRESS_RELEASE = "press_release"
    JOB_NUMBER = "job_number"
    ADDRESS_WITHOUT_SYMBOL = "address_without_symbol"
    FOREIGN_ADDRESS = "foreign_address"
    ADDRESS_OF_OURS = "address_of_ours"


ENGLISH = {
    Reason.EMPTY: "nothing was given",
    Reason.TOO_LONG: "longer than any symbol",
    Reason.CHARACTERS: "contains characters that no symbol has",
    Reason.NO_SERIES: "does not begin with the letters of a series, as in S/… or A/…",
    Reason.UNKNOWN_SERIES: "begins with a series that the United Nations does not use",
    Reason.SESSION_NUMBER: "is a number of a special session without its organ, which A/RES/S-24/2 has",
    Reason.INCOMPLETE: "names a series only, not one document of it",
    Reason.SHAPE: "is not put together like a symbol",
    Reason.YEAR: "the year in brackets is not possible",
    Reason.PRESS_RELEASE: "is the number of a press release, which is no document symbol",
    Reason.JOB_NUMBER: "is a job number, which names a printing and not a document",
    Reason.ADDRESS_WITHOUT_SYMBOL: "is an address that carries no symbol",
    Reason.FOREIGN_ADDRESS: "is not an address of the United Nations' document services",
    Reason.ADDRESS_OF_OURS: "ends as an address of this archive does (/P/14, /SOURCE, .JSON); leave that out",
}

# For the pages; a view may pass them through gettext.
CHINESE = {
    Reason.EMPTY: "没有输入文号。",
    Reason.TOO_LONG: "太长，不可能是文号。",
    Reason.CHARACTERS: "含有文号中不会出现的字符。",
    Reason.NO_SERIES: "开头没有系列字母，例如 S/、A/。",
    Reason.UNKNOWN_SERIES: "开头的系列字母不是联合国文件系列。",
    Reason.SESSION_NUMBER: "这是特别会议的编号，前面缺少机关，例如 A/RES/S-24/2。",
    Reason.INCOMPLETE: "只有系列，没有指明其中哪一份文件。",
    Reason.SHAPE: "不合文号的写法。",
    Reason.YEAR: "括号内的年份不可能。",
    Reason.PRESS_RELEASE: "这是新闻稿编号，不是文号。",
    Reason.JOB_NUMBER: "这是工作号，不是文号。",
    Reason.ADDRESS_WITHOUT_SYMBOL: "这个网址里没有文号。",
    Reason.FOREIGN_ADDRESS: "这不是联合国文件服务的网址。",
    Reason.ADDRESS_OF_OURS: "末尾是本库网址的写法（如/P/14、/SOURCE、.JSON），不能作文号；请去掉这一部分。",
}


class SymbolError(ValueError):
    """A text is no symbol. ``reason`` says why, ``text`` is what was given, ``chinese`` is for readers."""

    def __init__(self, reason: Reason, text: str) -> None:
        self.reason = reason
        self.text = text
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        super().__init__(f"{shown!r}: {ENGLISH[reason]}")

    @property
    def chinese(self) -> str:
        return CHINESE[self.reason]

    def __reduce__(self) -> tuple[type[SymbolError], tuple[Reason, str]]:
        return type(self), (self.reason, self.text)
