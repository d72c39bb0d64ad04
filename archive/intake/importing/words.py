"""Why a reader refuses a file, in words for people: what is wrong, and what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.readers import NotReadableError
from archive.text.language import UNKNOWN

REFUSALS: dict[str, str | Promise] = {
    "empty": gettext_lazy("文件是空的；请核对是否下载完整。"),
    "damaged": gettext_lazy("文件打不开：已损坏，或没有下载完整；请重新下载，或用Word另存一份。"),
    "encrypted": gettext_lazy("文件有密码；请用Word打开，取消密码后另存。"),
    "too_large": gettext_lazy("文件过大（最多%(most)d字节）；请删去图片或分成几份。"),
    "too_large_inside": gettext_lazy("文件解开后过大，或层层嵌套，没有读；请核对是不是文件本身。"),
    "too_much_text": gettext_lazy("文件里的文字过多，没有收；请分成几份。"),
    "too_slow": gettext_lazy("读这份文件用时过长，已停止；请用Word另存一份，或先提取文字。"),
    "reader_failed": gettext_lazy(
        "读这份文件时程序出错，已停止；其他文件不受影响。请用Word另存一份，或先提取文字。"
    ),
    "no_text": gettext_lazy("文件里没有文字；请核对是不是图片。"),
    "text_elsewhere": gettext_lazy(
        "文件的一部分文字放在它所嵌的另一文件里，没有读；请用Word打开并另存为.docx。"
    ),
    "no_office": gettext_lazy("读.doc、.odt和.rtf文件要用LibreOffice，本机没有安装；请另存为.docx。"),
    "office_failed": gettext_lazy("LibreOffice没有能打开这份文件；请用Word另存为.docx。"),
    "pdf_encrypted": gettext_lazy("这份PDF有密码；请打开后另存为没有密码的一份。"),
    "pdf_damaged": gettext_lazy("这份PDF打不开：已损坏，或没有下载完整；请重新下载。"),
    "pdf_no_text": gettext_lazy("这份PDF里没有文字；请核对是不是空白页。"),
    "pdf_scan": gettext_lazy(
        "这份PDF是扫描的图片，没有文字；请取得有文字的文件，或先识别文字（OCR）。"
        "服务器装有RapidOCR，或tesseract及其chi_sim数据时，本库自行识别40页以内的文件。"
    ),
    "pdf_scan_online": gettext_lazy(
        "这份PDF有%(pages)d页是扫描的图片。识别文字（OCR）每页要用几秒到半分钟，网页上一次最多识别%(most)d页；"
        "请在服务器上用命令import_documents读这份文件。"
    ),
    "pdf_unmapped": gettext_lazy(
        "这份PDF第%(page)d页有%(characters)d个字符没有说明是什么字，不能猜测；请取得Word文件，或先识别文字（OCR）。"
    ),
    "too_many_pages": gettext_lazy("文件有%(pages)d页，最多读%(most)d页；请分成几份。"),
    "not_text": gettext_lazy("这是表格、演示文稿或其他文件，不是文字文件；请另存为.docx或PDF。"),
    "book": gettext_lazy("这是电子书（EPUB）；请转换为.docx或HTML。"),
    "zip": gettext_lazy("这是压缩包，其中没有Word文件；请解开后给出里面的文件。"),
    "packed": gettext_lazy("这是压缩包；请解开后给出里面的文件。"),
    "picture": gettext_lazy("这是图片；请先识别文字（OCR），或取得有文字的文件。"),
    "wordperfect": gettext_lazy("这是WordPerfect文件；请另存为.docx。"),
    "program": gettext_lazy("这是程序，不是文件。"),
    "word_xml": gettext_lazy("这是Word的XML文件；请用Word另存为.docx。"),
}
LANGUAGES: dict[str, str | Promise] = {
    "zh": gettext_lazy("中文"),
    "en": gettext_lazy("英文"),
    "fr": gettext_lazy("法文"),
    "es": gettext_lazy("西班牙文"),
    "ru": gettext_lazy("俄文"),
    "ar": gettext_lazy("阿拉伯文"),
    "ja": gettext_lazy("日文"),
    "ko": gettext_lazy("韩文"),
    UNKNOWN: gettext_lazy("别的语文"),
}
OTHER = gettext_lazy("这种文件读不出（%(code)s）；请另存为.docx、PDF或文字文件。")


def no_text(count: int, line: int) -> str:
    """Why a text is refused of which ``count`` characters cannot be read, and what to do."""
    told = _(
        "文中有%(count)d个字符无法辨认，最早在第%(line)d行：保存或读取时编码有误，或文字识别（OCR）太差。"
        "请从原件重新存为UTF-8文本，或改用Word文件、PDF。"
    )
    return told % {"count": count, "line": line}


def wrong_language(language: str) -> str:
    """Why a text in ``language`` is refused, and what to do where it is none."""
    told = _(
        "正文读来是%(language)s，本库只收中文本和英文本；请取其中一种。"
        '确是中文的，请在同名的.toml文件中写明language = "zh"。'
    )
    return told % {"language": LANGUAGES[language]}


def refusal_of(error: NotReadableError) -> str:
    """Why a file is refused, and what to do: a sentence."""
    words = REFUSALS.get(error.code)
    return str(words) % error.values if words else str(OTHER) % {"code": error.code}
