"""Writes fixtures/states.json and fixtures/state_names.json from library data: ``make fixtures``.

Codes and English names are those of ISO 3166-1 (pycountry); Chinese names are those of iso-codes' translation
and of CLDR (babel). Where they differ from the UN's own usage, ``UN_USAGE`` corrects them. Entries are the
Members of the United Nations and the two non-member observer States, not every territory with an ISO code.
"""

from __future__ import annotations

import gettext
import json
import unicodedata
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
FIXTURE, FURTHER = FIXTURES / "states.json", FIXTURES / "state_names.json"
MEMBERS_AND_OBSERVERS = 193 + 2

NEITHER_MEMBER_NOR_OBSERVER = frozenset(
    [
        "ABW",
        "AIA",
        "ALA",
        "ASM",
        "ATA",
        "ATF",
        "BES",
        "BLM",
        "BMU",
        "BVT",
        "CCK",
        "COK",
        "CUW",
        "CXR",
        "CYM",
        "ESH",
        "FLK",
        "FRO",
        "GGY",
        "GIB",
        "GLP",
        "GRL",
        "GUF",
        "GUM",
        "HKG",
        "HMD",
        "IMN",
        "IOT",
        "JEY",
        "MAC",
        "MAF",
        "MNP",
        "MSR",
        "MTQ",
        "MYT",
        "NCL",
        "NFK",
        "NIU",
        "PCN",
        "PRI",
        "PYF",
        "REU",
        "SGS",
        "SHN",
        "SJM",
        "SPM",
        "SXM",
        "TCA",
        "TKL",
        "TWN",
        "UMI",
        "VGB",
        "VIR",
        "WLF",
    ]
)

# alpha-3: (name in the UN's list of Members, full name, further names in use)
UN_USAGE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "ARE": ("阿拉伯联合酋长国", "阿拉伯联合酋长国", ("阿联酋",)),
    "BGD": ("孟加拉国", "孟加拉人民共和国", ()),
    "BIH": ("波斯尼亚和黑塞哥维那", "波斯尼亚和黑塞哥维那", ("波黑",)),
    "BOL": ("多民族玻利维亚国", "多民族玻利维亚国", ("玻利维亚", "玻利维亚(多民族国)", "玻利维亚多民族国")),
    "BRN": ("文莱达鲁萨兰国", "文莱达鲁萨兰国", ("文莱",)),
    "COD": ("刚果民主共和国", "刚果民主共和国", ("刚果(金)",)),
    "COG": ("刚果", "刚果共和国", ("刚果(布)",)),
    "CZE": ("捷克", "捷克共和国", ()),
    "FSM": ("密克罗尼西亚联邦", "密克罗尼西亚联邦", ("密克罗尼西亚(联邦)", "密克罗尼西亚")),
    "GBR": ("大不列颠及北爱尔兰联合王国", "大不列颠及北爱尔兰联合王国", ("联合王国", "英国")),
    "GTM": ("危地马拉", "危地马拉共和国", ()),
    "IRN": ("伊朗伊斯兰共和国", "伊朗伊斯兰共和国", ("伊朗", "伊朗(伊斯兰共和国)")),
    "JPN": ("日本", "日本国", ()),
    "KGZ": ("吉尔吉斯斯坦", "吉尔吉斯共和国", ()),
    "KHM": ("柬埔寨", "柬埔寨王国", ()),
    "KOR": ("大韩民国", "大韩民国", ("韩国",)),
    "LAO": ("老挝人民民主共和国", "老挝人民民主共和国", ("老挝",)),
    "LBY": ("利比亚", "利比亚国", ("阿拉伯利比亚民众国",)),
    "MDA": ("摩尔多瓦共和国", "摩尔多瓦共和国", ("摩尔多瓦",)),
    "MKD": ("北马其顿", "北马其顿共和国", ("前南斯拉夫的马其顿共和国",)),
    "MLT": ("马耳他", "马耳他共和国", ()),
    "MNG": ("蒙古", "蒙古国", ()),
    "NPL": ("尼泊尔", "尼泊尔", ()),
    "PRK": ("朝鲜民主主义人民共和国", "朝鲜民主主义人民共和国", ("朝鲜",)),
    "PSE": ("巴勒斯坦国", "巴勒斯坦国", ("巴勒斯坦",)),
    "RUS": ("俄罗斯联邦", "俄罗斯联邦", ("俄罗斯",)),
    "SWZ": ("斯威士兰", "斯威士兰王国", ("埃斯瓦蒂尼",)),
    "SYR": ("阿拉伯叙利亚共和国", "阿拉伯叙利亚共和国", ("叙利亚", "叙利亚阿拉伯共和国")),
    "TTO": ("特立尼达和多巴哥", "特立尼达和多巴哥共和国", ()),
    "TZA": ("坦桑尼亚联合共和国", "坦桑尼亚联合共和国", ("坦桑尼亚",)),
    "USA": ("美利坚合众国", "美利坚合众国", ("美国",)),
    "VAT": ("教廷", "教廷", ("罗马教廷", "梵蒂冈", "梵蒂冈城国")),
    "VEN": ("委内瑞拉玻利瓦尔共和国", "委内瑞拉玻利瓦尔共和国", ("委内瑞拉", "委内瑞拉(玻利瓦尔共和国)")),
}
# Errors of the libraries, or names that mean a territory rather than the State.
NOT_A_NAME = frozenset(
    [
        "孟加拉",
        "瓜地马拉",
        "瓜地马拉共和国",
        "柬埔塞",
        "柬埔塞王国",
        "吉尔吉坦",
        "吉尔吉斯坦",
        "马尔他",
        "马尔他共和国",
        "巴勒斯坦领土",
        "玻利维亚共和国",
        "特里尼达和多巴哥",
        "特里尼达和多巴哥共和国",
        "波斯尼亚和黑塞哥维那共和国",
        "尼泊尔联邦民主共和国",
    ]
)
IN_BRACKETS = ("BOL", "FSM", "IRN", "VEN")


def build_states() -> list[dict[str, Any]]:
    """The rows of the fixture, in the order of their codes."""
    translation = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["zh_CN"])
    cldr = Locale.parse("zh_Hans").territories
    rows = []
    for country in sorted(pycountry.countries, key=lambda country: country.alpha_3):
        if country.alpha_3 in NEITHER_MEMBER_NOR_OBSERVER:
            continue
        iso_short = _plain(translation.gettext(country.name))
        iso_full = _plain(translation.gettext(getattr(country, "official_name", country.name)))
        cldr_short = _plain(cldr[country.alpha_2])
        short, full, further = UN_USAGE.get(country.alpha_3, (iso_short, iso_full, ()))
        names = dict.fromkeys((*further, iso_short, iso_full, cldr_short))
        fields = {
            "alpha3": country.alpha_3,
            "alpha2": country.alpha_2,
            "name": short,
            "official_name": full,
            "english": _english(country),
            "aliases": [name for name in names if name not in NOT_A_NAME | {short, full}],
        }
        rows.append({"model": "archive.state", "fields": fields})
    if len(rows) != MEMBERS_AND_OBSERVERS:
        raise SystemExit(f"{len(rows)} States instead of {MEMBERS_AND_OBSERVERS}: has ISO 3166-1 changed?")
    return rows


# alpha-3: the character that stands for the State in 美方, and further English names and initials in use
LETTERS = {
    "USA": "美", "RUS": "俄", "GBR": "英", "FRA": "法", "CHN": "中", "JPN": "日", "KOR": "韩", "PRK": "朝",
    "IND": "印", "DEU": "德", "PAK": "巴", "IRN": "伊", "UKR": "乌", "VNM": "越", "AUS": "澳", "CAN": "加",
    "TUR": "土", "MNG": "蒙", "THA": "泰", "PHL": "菲", "CUB": "古", "EGY": "埃", "SYR": "叙", "ISR": "以",
}  # fmt: skip
IN_USE: dict[str, tuple[str, ...]] = {
    "ARE": ("UAE", "Emirates"),
    "BIH": ("BiH", "Bosnia"),
    "BRN": ("Brunei",),
    "CAF": ("CAR",),
    "CHN": ("PRC", "People's Republic of China"),
    "CIV": ("Ivory Coast", "Cote d'Ivoire"),
    "COD": ("DRC", "DR Congo", "Congo-Kinshasa", "Zaire"),
    "COG": ("Congo-Brazzaville", "Republic of the Congo"),
    "CPV": ("Cape Verde",),
    "CZE": ("Czech Republic",),
    "DEU": ("Federal Republic of Germany",),
    "FSM": ("Micronesia",),
    "GBR": ("UK", "U.K.", "Britain", "Great Britain"),
    "KNA": ("St. Kitts and Nevis",),
    "KOR": ("ROK", "R.O.K.", "South Korea"),
    "LAO": ("Lao PDR", "Laos"),
    "LBY": ("Libyan Arab Jamahiriya",),
    "LCA": ("St. Lucia",),
    "MKD": ("FYROM", "Macedonia", "the former Yugoslav Republic of Macedonia"),
    "MMR": ("Burma",),
    "NLD": ("Holland", "Kingdom of the Netherlands", "The Netherlands"),
    "NZL": ("NZ",),
    "PNG": ("PNG",),
    "PRK": ("DPRK", "D.P.R.K.", "North Korea"),
    "PSE": ("Palestine",),
    "RUS": ("Russia",),
    "SAU": ("KSA",),
    "SWZ": ("Swaziland",),
    "SYR": ("Syria",),
    "TLS": ("East Timor",),
    "TUR": ("Turkey", "Turkiye"),
    "TZA": ("Tanzania",),
    "USA": ("US", "U.S.", "U.S.A.", "America", "United States of America"),
    "VAT": ("Vatican", "Vatican City"),
    "VCT": ("St. Vincent and the Grenadines",),
    "VNM": ("Vietnam",),
    "ZAF": ("RSA",),
}
HAN_IN_USE: dict[str, tuple[str, ...]] = {
    "AUS": ("澳洲", "澳大利亞聯邦"),
    "NLD": ("尼德兰",),
    "PRK": ("北韩", "北朝鲜"),
    "RUS": ("俄国", "俄联邦"),
    "KOR": ("南韩", "南朝鲜"),
    "GBR": ("大不列颠", "不列颠"),
    "USA": ("美利坚",),
    "CIV": ("象牙海岸",),
    "SAU": ("沙特", "沙地阿拉伯"),
    "VAT": ("圣座", "宗座"),
    "CHN": ("中华人民共和国",),
}


CHINESE_AND_ENGLISH = ("zh_Hant", "zh_Hant_HK", "zh_Hans", "en")
# The other official languages of the UN, and those of two neighbours.
OTHER_LANGUAGES = ("fr", "es", "ru", "ar", "ja", "ko")
# Names of States in French or Spanish that are English words or names of persons.
OTHER_THINGS_IN_ENGLISH = frozenset(["Grenade", "Maurice", "Mauricio"])


def build_further_names(states: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Alpha-3 code → names that readers type and texts of the archive do not use. Only asked with, never
    looked for in a text: some are pieces of other words there (查德, 美方).
    """
    locales = [Locale.parse(code).territories for code in (*CHINESE_AND_ENGLISH, *OTHER_LANGUAGES)]
    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[code])
        for code in ("zh_TW", "zh_HK", "fr", "es", "ru", "ar")
    ]
    rows = {}
    for state in (row["fields"] for row in states):
        code, country = state["alpha3"], pycountry.countries.get(alpha_3=state["alpha3"])
        english = [
            getattr(country, name, "") for name in ("common_name", "official_name", "name") if code != "VAT"
        ]
        chinese = [translation.gettext(name) for name in english if name for translation in translations]
        found = [
            *(names.get(country.alpha_2, "") for names in locales),
            *chinese,
            *HAN_IN_USE.get(code, ()),
            *english,
            *IN_USE.get(code, ()),
            *([f"{LETTERS[code]}方"] if code in LETTERS else ()),
        ]
        known = {state["name"], state["official_name"], state["english"], code, *state["aliases"]}
        rows[code] = [
            name for name in dict.fromkeys(found) if name and name not in known | OTHER_THINGS_IN_ENGLISH
        ]
    return rows


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "")


def _english(country: Any) -> str:
    """``Moldova, Republic of`` as the UN writes it: Republic of Moldova, but Iran (Islamic Republic of)."""
    name, comma, rest = country.name.partition(", ")
    if country.alpha_3 == "VAT":
        return "Holy See"
    if not comma:
        return name
    rest = rest.removeprefix("The ")
    return f"{name} ({rest})" if country.alpha_3 in IN_BRACKETS else f"{rest} {name}"


def main() -> None:
    rows = build_states()
    FIXTURE.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{FIXTURE.name}: {len(rows)} States")
    further = build_further_names(rows)
    lines = (
        f" {json.dumps(code)}: {json.dumps(names, ensure_ascii=False)}" for code, names in further.items()
    )
    FURTHER.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    print(f"{FURTHER.name}: {sum(map(len, further.values()))} further names")


if __name__ == "__main__":
    main()
