"""Permanent missions and representatives, by the fixed forms in which UN documents name them."""

from __future__ import annotations

import re

from archive.models import State

COMPLIMENTS = "致意"
# A State's mission, as the document names it, after the State's name.
OFFICES = {
    "常驻代表": "Permanent Representative of {}",
    "常驻代表团": "Permanent Mission of {}",
    "常驻联合国代表": "Permanent Representative of {} to the United Nations",
    "常驻联合国副代表": "Deputy Permanent Representative of {} to the United Nations",
    "常驻联合国代表团": "Permanent Mission of {} to the United Nations",
    "常驻联合国代表团临时代办": "Chargé d’affaires a.i. of the Permanent Mission of {} to the United Nations",
    "常驻裁军谈判会议代表": "Permanent Representative of {} to the Conference on Disarmament",
    "常驻裁军谈判会议代表团": "Permanent Mission of {} to the Conference on Disarmament",
    "常驻联合国日内瓦办事处代表团": "Permanent Mission of {} to the United Nations Office at Geneva",
    "常驻联合国日内瓦办事处和日内瓦其他国际组织代表团": (
        "Permanent Mission of {} to the United Nations Office and other international organizations in Geneva"
    ),
    "外交部长": "Minister for Foreign Affairs of {}",
}
ADDRESSEES = {
    "秘书长": "the Secretary-General",
    "安全理事会主席": "the President of the Security Council",
    "大会主席": "the President of the General Assembly",
    "秘书长和安全理事会主席": "the Secretary-General and the President of the Security Council",
    "裁军谈判会议秘书处": "the secretariat of the Conference on Disarmament",
    "裁军谈判会议秘书长": "the Secretary-General of the Conference on Disarmament",
    "委员会主席": "the Chair of the Committee",
}
WITH_ARTICLE = re.compile(
    r"(Republic|Federation|Kingdom|States|Islands|Emirates)\b"
    r"|^(State of|United|Netherlands|Philippines|Sudan|Gambia|Bahamas|Comoros)\b"
    r"|^(Maldives|Niger|Congo|Holy See)\b"
)


def mission_in_full(sender: str, opening: str) -> str:
    """The sender of a note as the note itself names it; empty where it does not, or names another country.

    The title may name it shortly: 乌克兰常驻代表团 for 乌克兰常驻联合国日内瓦办事处和日内瓦其他国际组织代表团
    (CD/2118).
    """
    match = re.match(r"([^，。；]{4,60}?)(?:谨)?向[^，。；]{2,60}?致意", opening)
    return match[1] if match and match[1][:2] == sender[:2] else ""


def english_sender(chinese: str, state: State | None) -> str:
    """The English form of a State's office; the Chinese as it stands where the form is not a fixed one."""
    if state is None or not state.english:
        return chinese
    for name in (state.name, state.official_name, *state.aliases):
        office = chinese.removeprefix(name) if name and chinese.startswith(name) else ""
        if office in OFFICES:
            return OFFICES[office].format(country(state.english))
    return chinese


def country(english: str) -> str:
    """A State's name in a sentence: ``the Islamic Republic of Iran`` for ``Iran (Islamic Republic of)``."""
    if match := re.fullmatch(r"(.+) \((.+) of\)", english):
        return f"the {match[2]} of {match[1]}"
    return f"the {english}" if WITH_ARTICLE.search(english) else english
