// Links symbols and citations of UN documents in the page of anybody to their paragraphs in the 1540 archive:
//   <script src="https://archive.example/linker.js" defer></script>
// Nothing of the page is sent, no cookie is set. A paragraph is asked for by its address when a reader points at
// its link. `data-within="article"` names the parts of the page to look through; `archive1540.link(element)`
// links what came later. What is doubtful is left alone: a link less is better than a wrong one.
(() => {
  const SERIES = "S|A|E|ST|CD|NPT|BWC|CCW|CCM|APLC|ATT|TPNW|CTBT|GOV|GC|INFCIRC|PBC|DP|TD|UNEP|CEDAW|CCPR|CERD|CRC";
  // What may stand second in a symbol of the principal organs, so that S/N and A/B are none.
  const SECOND = /^(?:\d{4,5}$|E?S-\d+$|RES$|DEC$|PRST$|INF$|HRC$|NGO$|(?:AC|C|CN|CONF|PV|SR|L)\.\d)/;
  const SYMBOL = new RegExp(String.raw`(?<![\w/.@:%#?=&+-])(?:${SERIES})(?:\(\d+\))?` +
    String.raw`(?:/(?:(?:Add|Corr|Rev|Amend|Sub|Part)\.\d+[A-Z]?|[A-Z0-9]+(?:[.-](?!(?:${SERIES})/)[A-Z0-9]+)*))+` +
    String.raw`(?: ?\((?:(?:19|20)\d\d|(?:E?S-)?[IVXLC]+)\))?(?![\w/(]|[.-](?!(?:${SERIES})/)\w| ?\((?:Resum|Part|Sect|Vol|Prov|Suppl))`, "g");
  const NUMBER = String.raw`\d{1,4} ?\((?:19|20)\d\d\)`;
  const CHINESE = new RegExp(String.raw`第 ?${NUMBER}(?: ?[号號])?(?:(?:[、,]| ?(?:以及|[和及与與或]) ?) ?第? ?${NUMBER}` +
    String.raw`(?: ?[号號])?)* ?(?:决议|決議)(?!草案)`, "g");
  const ENGLISH = new RegExp(String.raw`\b(?:[Rr]esolutions?|RESOLUTIONS?|UNSCRs?|SCRs?) ${NUMBER}` +
    String.raw`(?:(?:, and |, | and | or )${NUMBER}(?![\d/]))*`, "g");
  const BARE = /\b(?:UNSCR|(?:UN |United Nations )?Security Council [Rr]esolution) (\d{3,4})(?![\d/]|\.\d| ?\(| ?[-–]\d)/g;
  const ASSEMBLY = /(?:(?:大会|联大|聯大|大會)(?:的)?第 ?(\d{2}\/\d{1,3}) ?[号號](?:决议|決議)|General Assembly [Rr]esolution (\d{2}\/\d{1,3})(?![\d/]| ?[A-Z]\b))/g;
  const OTHER_ORGAN = /(?:Assembly|Human Rights Council|Economic and Social Council|Europe|Parliament|Board|Conference|Senate|House|[大联聯][会會]|人[权權]理事[会會]|[经經]社理事[会會]|社[会會]理事[会會]|[欧歐]盟(?:理事[会會])?|委[员員][会會]|原子能[机機][构構])(?:的| |,|'s|’s)*$/;
  // The last resolution of the Security Council in each year from 1946: number and year must agree.
  const LAST = [15, 37, 66, 78, 89, 96, 98, 103, 105, 110, 121, 126, 131, 133, 160, 170, 177, 185, 199, 219, 232, 245,
    262, 275, 291, 307, 324, 344, 366, 384, 402, 422, 443, 461, 484, 499, 528, 545, 559, 580, 593, 606, 626, 646, 683,
    725, 799, 892, 969, 1035, 1092, 1146, 1219, 1284, 1334, 1386, 1454, 1521, 1580, 1651, 1738, 1794, 1859, 1907, 1966,
    2032, 2085, 2132, 2195, 2259, 2336, 2397, 2451, 2503, 2560, 2617, 2671, 2721, 2767];
  const yearOf = (number) => 1946 + LAST.findIndex((last) => number <= last);
  const agrees = (number, year) => (number > LAST.at(-1) ? year >= 1946 + LAST.length
    : yearOf(number) === year || (yearOf(number - 3) === year && year > 1946) || yearOf(Number(number) + 3) === year);

  const ITEM = String.raw`\d{1,3}(?: ?\((?:[a-z]|[ivx]{2,5})\))*`;
  const RANGE = String.raw`${ITEM}(?: ?[-—至到] ?第?${ITEM})?`;
  const AFTER_CHINESE = new RegExp(String.raw`^(?:[的中,] ?| )?(?:(附件)([一二三四五六七八九十]|\d{1,2})?[的中,]? ?)?` +
    String.raw`(序言(?:部分)?|[执執]行(?:部分)?|正文(?:部分)?)?[的中,]? ?第 ?(${RANGE}(?:段?(?:、| ?[和及] ?)第? ?${RANGE})*) ?(?:分段|段)`);
  const KIND = String.raw`(?:(operative|preambular) )?(?:[Pp]ara(?:graph)?s?\.? ?|(OP|PP)s? ?)`;
  const ITEMS = String.raw`(${RANGE}(?:(?:, and |, | and |, ?)${RANGE})*)(?!\d|\.\d| ?\((?:19|20)| ?- ?\(|(?:, and | and |, ?| ?- ?)\d)`;
  const AFTER_ENGLISH = new RegExp(String.raw`^,? ?(?:(annex)(?: ([IVX]{1,5}|\d{1,2}))?,? )?${KIND}${ITEMS}(?! (?:of|in|to) (?:the |its )?(?:[A-Z]|annex|resolution|document))`);
  const BEFORE = new RegExp(String.raw`\b${KIND}${ITEMS} (?:of|in) (?:the )?(?:(annex)(?: ([IVX]{1,5}|\d{1,2}))? (?:to|of) )?` +
    String.raw`(?:(?:the|its|UN|United Nations|Security Council|UNSC|document) )*$`);
  const roman = (text) => ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"].indexOf(text) + 1 || text;
  const annexOf = (word, number) => (word ? `annex${!number ? "" : /\d/.test(number) ? number
    : /[IVX]/.test(number) ? roman(number) : "一二三四五六七八九十".indexOf(number) + 1}.` : "");

  // One for one, so that places stay: full width to half width, spaces and dashes to the common ones.
  const folded = (text) => text.replace(/[\uff01-\uff5e]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
    .replace(/[\u00a0\u2007\u2009\u202f\u3000]/g, " ").replace(/[\u2010-\u2013]/g, "-");

  // The paragraphs that `list` names, each with its place in it: "3 (d) and 5" → 3.d, 5.
  function anchors(list, part, kind) {
    const head = /^(?:序|preambular|PP)/.test(kind || "") ? "pp" : "";
    return [...list.matchAll(new RegExp(`(?:第 ?)?${RANGE}段?`, "g"))].map((one) => ({
      start: one.index, end: one.index + one[0].length,
      anchor: one[0].split(/[-—至到]/).map((end, at) => (at ? "" : part) + head +
        end.replace(/[第段 ]/g, "").replace(/\(/g, ".").replace(/\)/g, "")).join("-"),
    }));
  }

  // The links of a citation at `start` to `end`, with the paragraphs that stand beside it.
  function withParagraphs(text, start, end, path, many = false) {
    const before = many ? null : BEFORE.exec(text.slice(Math.max(0, start - 120), start));
    if (before) {
      const [, kind, short, list, annex, number] = before;
      const from = start - Math.min(start, 120) + before.index;
      const items = anchors(list, annexOf(annex, number), kind || short);
      if (items.length === 1) return [{ start: from, end, path: `${path}/p/${items[0].anchor}` }];
      const at = from + before[0].indexOf(list);
      return [...items.map((one) => ({ start: at + one.start, end: at + one.end, path: `${path}/p/${one.anchor}` })), { start, end, path }];
    }
    const rest = text.slice(end, end + 200);
    const [chinese, after = chinese || AFTER_ENGLISH.exec(rest)] = [AFTER_CHINESE.exec(rest)];
    if (!after) return [{ start, end, path }];
    const [, annex, number, kind, shortOrList] = after;
    const list = chinese ? shortOrList : after[5];
    const items = anchors(list, annexOf(annex, number), chinese ? kind : kind || shortOrList);
    const at = end + after[0].lastIndexOf(list);
    return items.map((one, index) => ({
      start: index ? at + one.start : start,
      end: index === items.length - 1 ? end + after[0].length : at + one.end,
      path: `${path}/p/${one.anchor}`,
    }));
  }

  function symbolsIn(text) {
    return [...text.matchAll(SYMBOL)].flatMap((match) => {
      let symbol = match[0].replace(" ", "");
      const [series, second, third] = symbol.split("/");
      if (!/\d/.test(symbol) || ("SAE".includes(series) && !SECOND.test(second) && !(series === "A" && /^\d\d$/.test(second)))) return [];
      const council = /^S\/RES\/(\d{1,4})(?:\((\d{4})\))?$/.exec(symbol);
      if (council && council[2] && !agrees(council[1], Number(council[2]))) return [];
      if (council && !council[2]) symbol += `(${yearOf(council[1])})`;
      if (council ? !council[2] && council[1] > LAST.at(-1) : symbol.startsWith("S/RES/")) return [];
      if (!council && (/\(\d{4}\)$/.test(symbol) || (second === "RES" && /^ [A-Z]\b/.test(text.slice(match.index + match[0].length))))) return [];
      if (!third && (/^[A-Z]+$/.test(second) || Number(second.replace(/\D/g, "")) < (/[.]/.test(second) ? 1 : 1000))) return [];
      return withParagraphs(text, match.index, match.index + match[0].length, `/${symbol}`);
    });
  }

  function resolutionsIn(text) {
    const lists = [...text.matchAll(CHINESE), ...text.matchAll(ENGLISH)].flatMap((match) => {
      if (OTHER_ORGAN.test(text.slice(Math.max(0, match.index - 40), match.index))) return [];
      const numbers = [...match[0].matchAll(new RegExp(`第? ?(\\d{1,4}) ?\\((\\d{4})\\)(?: ?[号號])?`, "g"))];
      return numbers.flatMap((one, place) => {
        if (!agrees(one[1], Number(one[2]))) return [];
        const start = match.index + (place && one.index + one[0].search(/\S/));
        const last = place === numbers.length - 1;
        const end = match.index + (last ? match[0].length : one.index + one[0].length);
        const path = `/S/RES/${one[1]}(${one[2]})`;
        return last || /^U?N?SCR|^res/i.test(match[0]) ? withParagraphs(text, start, end, path, numbers.length > 1 && !last)
          : [{ start, end, path }];
      });
    });
    const bare = [...text.matchAll(BARE)].filter((one) => one[1] <= LAST.at(-1)).flatMap((one) =>
      withParagraphs(text, one.index, one.index + one[0].length, `/S/RES/${one[1]}(${yearOf(one[1])})`));
    const assembly = [...text.matchAll(ASSEMBLY)].flatMap((one) =>
      withParagraphs(text, one.index, one.index + one[0].length, `/A/RES/${one[1] || one[2]}`));
    return [...lists, ...bare, ...assembly];
  }

  // Finds the citations of a text: [{start, end, path}], in order, none over another.
  function find(given) {
    const text = folded(given);
    const found = [...symbolsIn(text), ...resolutionsIn(text)].sort((a, b) => a.start - b.start || b.end - a.end);
    return found.filter((one, at) => found.slice(0, at).every((other) => other.end <= one.start));
  }
  globalThis.archive1540 = { find };
  if (typeof document === "undefined" || !document.currentScript) return;

  // The page: text nodes become text and links; a card shows the paragraph of the link that is pointed at.
  const script = document.currentScript;
  const site = new URL(script.src).origin;
  const LEFT_ALONE = "a,code,pre,kbd,samp,script,style,textarea,input,select,button,svg,math,iframe,object,noscript,template,[contenteditable]:not([contenteditable=false]),[role=textbox],[role=button],[role=link]";
  // The words stay as they stood: a page may set its links bolder, and its lines would break elsewhere.
  const LETTERS = "display:inline;font:inherit;letter-spacing:inherit;text-transform:inherit;margin-inline:0;padding-inline:0;border-inline:0";
  const ZH = /^(?:zh|$)/i.test(document.documentElement.lang);
  const WORDS = ZH ? { wait: "正在取这一段…", gone: "现在取不到，点开链接看。", held: "本库未藏这份文件的文本；链接里有联合国原件和引用它的段落。", doubt: "存疑：以链接所到的页面为准。", many: "所指不止一处，点开链接选。" }
    : { wait: "Fetching the paragraph…", gone: "Not available now; follow the link.", held: "The archive does not hold this text; the link leads to the UN's own and to what cites it.", doubt: "In doubt: see the page of the link.", many: "May mean several places; follow the link to choose." };

  const inline = (element) => getComputedStyle(element).display.startsWith("inline");
  // What stands beside a text node on the same line: a citation that goes on there is not linked by half.
  function beside(node, step) {
    for (let at = node; ;) {
      while (!at[step]) {
        at = at.parentNode;
        if (!at || at.nodeType !== 1 || !inline(at)) return "";
      }
      at = at[step];
      if (at.nodeType === 1 && (at.matches("br,sup,img") || !inline(at))) return "";
      if (at.nodeType !== 8 && at.textContent) return at.textContent;
    }
  }

  function links(node) {
    return find(node.data).filter((one) => {
      const rest = node.data.slice(one.end);
      const next = rest.trim() ? "" : rest + beside(node, "nextSibling");
      return !/^(?:[\w/-]|\.\w|\s*[(（][\da-z]{1,4}[)）])/i.test(next)
        && (one.start > 0 || !/[\w/.-]$/.test(beside(node, "previousSibling")));
    });
  }

  function link(root = document.body) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
      (node.nodeType === 3 ? NodeFilter.FILTER_ACCEPT : node.matches(LEFT_ALONE) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP));
    const nodes = [];
    if (!root.closest(LEFT_ALONE)) while (walker.nextNode()) if (/[\d／/(（]/.test(walker.currentNode.data)) nodes.push(walker.currentNode);
    for (const node of nodes) {
      for (const one of links(node).reverse()) {
        const made = document.createElement("a");
        made.href = site + one.path;
        made.className = "archive-1540";
        made.referrerPolicy = "no-referrer";
        made.style.cssText = LETTERS;
        node.splitText(one.end);
        const words = node.splitText(one.start);
        words.replaceWith(made);
        made.append(words);
      }
    }
  }
  globalThis.archive1540.link = link;

  const card = document.createElement("div");
  card.id = "archive-1540-card";
  card.setAttribute("role", "tooltip");
  card.style.cssText = "all:initial;display:none;position:fixed;z-index:2147483647;box-sizing:border-box;max-width:min(28rem,calc(100vw - 1rem));max-height:40vh;overflow:auto;padding:.75rem 1rem;border:1px solid GrayText;background:Canvas;color:CanvasText;color-scheme:light dark;font:15px/1.6 system-ui,sans-serif;white-space:pre-line;overflow-wrap:anywhere;box-shadow:0 2px 12px #0004";
  let [shown, waiting, known] = [null, 0, new Map()];

  const told = (answer) => {
    if (answer.choices) return WORDS.many;
    if (answer.held === false) return `${answer.symbol}\n${WORDS.held}`;
    if (Array.isArray(answer)) return `${answer[0].number}\n${answer[0].title || ""}`;
    const parts = answer.paragraphs || [answer.paragraph];
    const name = `${answer.document.symbol} ${parts[0].name}${parts.length > 1 ? ` … ${parts.at(-1).name}` : ""}`;
    return [name, ...parts.map((one) => (answer.unit && one === answer.paragraph ? answer.unit.numbered_text : one.text)),
      ...(answer.doubts && answer.doubts.length ? [WORDS.doubt] : [])].join("\n").slice(0, 1500);
  };

  async function ask(path) {
    try {
      const answer = await fetch(`${site}${path}${path.includes("/p/") ? ".json" : ".csl.json"}`, { credentials: "omit", referrerPolicy: "no-referrer" });
      if (answer.status === 404 || answer.status === 410) return (await answer.json()).detail || WORDS.held;
      return answer.ok || answer.status === 300 ? told(await answer.json()) : WORDS.gone;
    } catch {
      return WORDS.gone;
    }
  }

  function place(anchor) {
    const box = anchor.getClientRects()[0] || anchor.getBoundingClientRect();
    const below = innerHeight - box.bottom > card.offsetHeight || box.top < card.offsetHeight;
    card.style.left = `${Math.max(8, Math.min(box.left, innerWidth - card.offsetWidth - 8))}px`;
    card.style.top = `${below ? box.bottom : box.top - card.offsetHeight}px`;
  }

  async function show(anchor) {
    hide();
    shown = anchor;
    const path = anchor.href.slice(site.length);
    if (!card.isConnected) document.body.append(card);
    card.textContent = known.get(path) || WORDS.wait;
    card.style.display = "block";
    anchor.setAttribute("aria-describedby", card.id);
    place(anchor);
    if (!known.has(path)) {
      const words = await ask(path);
      if (words !== WORDS.gone) known.set(path, words);
      if (shown !== anchor) return;
      card.textContent = words;
      place(anchor);
    }
  }

  function hide() {
    clearTimeout(waiting);
    if (shown) shown.removeAttribute("aria-describedby");
    card.style.display = "none";
    shown = null;
  }

  const linkOf = ({ target }) => target instanceof Element && target.closest("a.archive-1540");
  document.addEventListener("focusin", (event) => (linkOf(event) ? show(linkOf(event)) : hide()));
  document.addEventListener("focusout", (event) => linkOf(event) && hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && shown && hide());
  document.addEventListener("pointerover", (event) => {
    const anchor = linkOf(event);
    clearTimeout(waiting);
    if (anchor && anchor !== shown) waiting = setTimeout(show, 150, anchor);
    else if (!anchor && shown && !card.contains(event.target)) waiting = setTimeout(hide, 300);
  });
  addEventListener("scroll", (event) => shown && !card.contains(event.target) && place(shown), { passive: true, capture: true });

  const start = () => (script.dataset.within ? document.querySelectorAll(script.dataset.within) : [document.body]).forEach((one) => link(one));
  if (script.dataset.within !== "none") document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", start) : start();
})();
