"""Running numbers: in which year or session a resolution of that number was adopted.

The Security Council numbers its resolutions through since 1946, the General Assembly did so until its
thirtieth session. The tables are common knowledge, checked only for order and against the reference table,
so what is completed by them is reported as uncertain; numbers at the turn of two years are left out.
"""

from __future__ import annotations

from bisect import bisect_right

# year: first and last number that are surely of it
COUNCIL_NUMBERS = {
    1946: (1, 14), 1947: (18, 36), 1948: (39, 65), 1949: (68, 77), 1950: (80, 88), 1951: (91, 95),
    1956: (112, 120), 1960: (134, 159), 1961: (162, 169), 1962: (172, 176), 1963: (179, 184),
    1964: (187, 198), 1965: (201, 218), 1966: (221, 231), 1967: (234, 244), 1968: (247, 261),
    1969: (264, 274), 1970: (277, 290), 1971: (293, 306), 1972: (309, 323), 1973: (326, 343),
    1974: (346, 365), 1975: (368, 383), 1976: (386, 401), 1977: (404, 421), 1978: (424, 442),
    1979: (445, 460), 1980: (463, 483), 1981: (486, 498), 1982: (501, 527), 1983: (530, 544),
    1984: (547, 558), 1985: (561, 579), 1986: (582, 592), 1987: (595, 605), 1988: (608, 625),
    1989: (628, 645), 1990: (648, 682), 1991: (685, 724), 1992: (727, 798), 1993: (801, 891),
    1994: (894, 968), 1995: (971, 1034), 1996: (1037, 1091), 1997: (1094, 1145), 1998: (1148, 1218),
    1999: (1221, 1284), 2000: (1286, 1334), 2001: (1335, 1386), 2002: (1388, 1454), 2003: (1455, 1521),
    2004: (1522, 1580), 2005: (1581, 1651), 2006: (1652, 1738), 2007: (1739, 1794), 2008: (1795, 1859),
    2009: (1860, 1907), 2010: (1908, 1966), 2011: (1967, 2032), 2012: (2033, 2085), 2013: (2086, 2132),
    2014: (2133, 2195), 2015: (2196, 2259), 2016: (2260, 2336), 2017: (2337, 2397), 2018: (2398, 2451),
    2019: (2452, 2503), 2020: (2504, 2560), 2021: (2561, 2617), 2022: (2618, 2671), 2023: (2673, 2721),
    2024: (2722, 2767),
}  # fmt: skip
# first and last number that are surely of a session, the session
ASSEMBLY_NUMBERS = (
    (1514, 1603, "XV"),
    (1652, 1721, "XVI"),
    (1761, 1815, "XVII"),
    (1884, 1963, "XVIII"),
    (2028, 2131, "XX"),
    (2145, 2222, "XXI"),
    (2286, 2345, "XXII"),
    (2391, 2467, "XXIII"),
    (2504, 2603, "XXIV"),
    (2625, 2749, "XXV"),
    (2758, 2837, "XXVI"),
    (2918, 3034, "XXVII"),
    (3068, 3166, "XXVIII"),
    (3201, 3202, "S-VI"),
    (3236, 3314, "XXIX"),
    (3375, 3477, "XXX"),
)
_MOST_IN_A_YEAR = 93  # 1993
_FIRST_OF_YEAR = [first for first, _ in COUNCIL_NUMBERS.values()]
_FIRST_OF_SESSION = [first for first, *_ in ASSEMBLY_NUMBERS]


def council_year(number: int) -> int | None:
    """The year of the Security Council's resolution ``number``, or None where that is not sure."""
    place = bisect_right(_FIRST_OF_YEAR, number) - 1
    if place < 0:
        return None
    year, (_, last) = list(COUNCIL_NUMBERS.items())[place]
    return year if number <= last else None


def may_be_of(number: int, year: int) -> bool:
    """Whether the Security Council's resolution ``number`` may be of ``year``, also one that is dated on the
    other side of its turn; behind the table the Council adopts no more a year than in its busiest one."""
    last = max(COUNCIL_NUMBERS)
    before = (ends[1] for of, ends in COUNCIL_NUMBERS.items() if of < year)
    behind = [ends[0] for of, ends in COUNCIL_NUMBERS.items() if of > year]
    most = COUNCIL_NUMBERS[last][1] + 1 + _MOST_IN_A_YEAR * max(0, year - last)
    return max(before, default=0) <= number <= min(behind, default=most)


def assembly_session(number: int) -> str | None:
    """The session of the General Assembly's resolution ``number`` of the old numbering: 2758 → ``XXVI``."""
    place = bisect_right(_FIRST_OF_SESSION, number) - 1
    if place < 0 or number > ASSEMBLY_NUMBERS[place][1]:
        return None
    return ASSEMBLY_NUMBERS[place][2]
