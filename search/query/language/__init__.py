"""The query language: what a reader types, as a tree, and the tree as text again.

    出口管制 1540委员会            words: ranked, all together before some
    "国家行为体"                    literal; also “…”, 「…」, 『…』
    -印度                          without
    A OR B, A 或 B; A AND B, A 且 B; ( … )
    "核*条约"                      literal on both sides of the asterisk, at most ten characters for it
    甲 NEAR/5 乙, 甲 近/5 乙        both, with at most five characters between them
    甲 THEN/5 乙, 甲 先/5 乙        the same, in this order
    甲 NEAR/S 乙, 甲 THEN/S 乙      in one sentence (甲 近/句 乙, 甲 先/句 乙)
    年份:2016  年份:2010-2016  国家:巴西  机构:…  文号:…  决议:1540  类型:信  发言:…  题名:…
    标题:…  脚注:…                 headings, footnotes that hold the text

Full-width forms and U+3000 mean what their half-width forms mean. A bracket that belongs to a symbol
(1540(2004)) is part of the word. ``parse`` never fails: what it cannot read is searched as words and named in
``problems``.
"""
