"""How a document is cited, in the words of a page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models import Mention, OwnReference
from archive.text.parsed import Relation

NONE = "none"  # in an address: no relation was read

NAMES = {
    Relation.EXTENDED_BY: gettext_lazy("由其延长或扩大"),
    Relation.AMENDED_BY: gettext_lazy("由其修改"),
    Relation.ESTABLISHES: gettext_lazy("由其设立"),
    Relation.PROVIDES: gettext_lazy("其规定、载有"),
    Relation.CALLS: gettext_lazy("其要求、促请"),
    Relation.RECALLS: gettext_lazy("回顾"),
    Relation.REAFFIRMS: gettext_lazy("重申"),
    Relation.NOTES: gettext_lazy("注意到、确认"),
    Relation.STRESSES: gettext_lazy("强调"),
    Relation.WELCOMES: gettext_lazy("欢迎"),
    Relation.SUPPORTS: gettext_lazy("支持"),
    Relation.ACTS_UNDER: gettext_lazy("根据"),
    Relation.IMPLEMENTS: gettext_lazy("执行、遵守"),
    Relation.VIOLATES: gettext_lazy("违反"),
    Relation.REVIEWS: gettext_lazy("审查、审议"),
    Relation.REPORTS_ON: gettext_lazy("报告"),
    Relation.TRANSMITS: gettext_lazy("提交、转递"),
    Relation.REFERS: gettext_lazy("参见、提及"),
    Relation.ADOPTS: gettext_lazy("通过"),
    Relation.EXTENDS: gettext_lazy("延长其规定"),
    Relation.AMENDS: gettext_lazy("修改"),
    Relation.ENDS: gettext_lazy("终止、取代"),
}


def relation_name(relation: str) -> str:
    """The name of a relation as stored or as in an address; of none, that none was read."""
    return str(NAMES[Relation(relation)]) if relation and relation != NONE else _("方式不明")


def choices() -> dict[str, str]:
    """What ``?relation=`` may say: every relation, and that none was read."""
    return {**{str(relation): relation_name(relation) for relation in NAMES}, NONE: relation_name(NONE)}


def stored_relation(asked: str) -> str | None:
    """A relation of an address as it is stored: None where any will do, empty where none was read."""
    return {"": None, NONE: ""}.get(asked, asked)


def remark(mention: Mention) -> str:
    """The relation with the word that says so: ``引用方式：执行（“履行”）``; a doubt with its reason."""
    if not mention.certain:
        return doubt(mention)
    if not mention.relation:
        return ""
    text = mention.paragraph.text
    word = text[mention.relation_start : mention.relation_end]
    return _("引用方式：%(name)s（“%(word)s”）") % {"name": relation_name(mention.relation), "word": word}


def doubt(mention: Mention) -> str:
    """Why it is not certain what a mention names."""
    if any(map(str.isdigit, mention.surface)):
        return _("存疑：“%(words)s”没有写明年份或机关") % {"words": mention.surface}
    return _("存疑：“%(words)s”据上文推断") % {"words": mention.surface}


def own_doubt(own: OwnReference) -> str:
    """Why it cannot be told which paragraph 上文第6段 means."""
    return {
        "absent": _("存疑：本文件中没有这一处"),
        "several": _("存疑：本文件中有几处可能是所指"),
        "direction": _("存疑：这一处不在所说的方向"),
    }.get(own.doubt, "")
