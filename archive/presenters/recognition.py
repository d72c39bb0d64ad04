"""The mark of text that a program recognized in a picture, said alike wherever the text is shown."""

from __future__ import annotations

from django.utils.translation import gettext as _


def recognized_in_words(confidence: int | None) -> str:
    """文字识别（OCR），置信度91%; empty for text with characters of its own. ``confidence`` is 0 to 100."""
    if confidence is None:
        return ""
    return _("文字识别（OCR），置信度%(sure)d%%") % {"sure": confidence}


def marked_text(text: str, confidence: int | None) -> str:
    """``text`` as a file of plain text, with the mark on a line of its own at the end."""
    mark = recognized_in_words(confidence)
    return f"{text}\n\n[{mark}]\n" if mark else f"{text}\n"


def with_mark(words: str, confidence: int | None) -> str:
    """``words`` that name a text, with the mark behind them: 第2段（文字识别（OCR），置信度91%）."""
    mark = recognized_in_words(confidence)
    return _("%(words)s（%(mark)s）") % {"words": words, "mark": mark} if mark else words
