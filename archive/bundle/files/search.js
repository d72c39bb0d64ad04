// Literal search from a disk. The rule of folding and the texts come as scripts that call the functions below:
// a page opened from a disk may not fetch files.
"use strict";

const SHOWN = 100;
const BEFORE = 30;
const AFTER = 60;
const own = document.currentScript.dataset;
const form = document.querySelector("#search");
const list = document.querySelector("#results");
const told = document.querySelector("#told");
let rule;
let joining;
const documents = [];

function archiveFold(given) {
  rule = given;
  joining = new Set();
  for (const [first, last] of given.joining) {
    for (let code = first; code <= last; code += 1) joining.add(code);
  }
}

function archiveTexts(given) {
  for (const [symbol, page, paragraphs] of given) {
    for (const [anchor, name, text] of paragraphs) {
      documents.push({ symbol, page, anchor, name, text, folded: null });
    }
  }
}

window.archiveFold = archiveFold;
window.archiveTexts = archiveTexts;

// The letters of a text, each with the marks that join it.
function lettersOf(text) {
  const letters = [];
  for (const character of text) {
    if (letters.length && joining.has(character.codePointAt(0))) letters[letters.length - 1] += character;
    else letters.push(character);
  }
  return letters;
}

function foldLetter(letter) {
  if (letter.length <= 2 && [...letter].length === 1) return rule.one[letter] ?? letter;
  const equal = [...letter].map((character) => rule.quotes[character] ?? character).join("");
  return [...equal.normalize("NFKC")]
    .flatMap((character) => [...(rule.case[character] ?? character)])
    .filter((character) => !rule.blank.includes(character))
    .map((character) => rule.quotes[character] ?? character)
    .join("");
}

// The folded text, and for each place of it where its letter begins and ends in the text.
function fold(text) {
  const pieces = [];
  const starts = [];
  const ends = [];
  let at = 0;
  for (const letter of lettersOf(text)) {
    const piece = foldLetter(letter);
    pieces.push(piece);
    for (let unit = 0; unit < piece.length; unit += 1) {
      starts.push(at);
      ends.push(at + letter.length);
    }
    at += letter.length;
  }
  return { text: pieces.join(""), starts, ends };
}

// Occurrences from left to right without overlap, as a reader counts them.
function placesIn(folded, wanted) {
  const places = [];
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}

function find(phrase) {
  const wanted = fold(phrase).text;
  const found = [];
  let occurrences = 0;
  if (!wanted) return { found, occurrences, empty: true };
  for (const paragraph of documents) {
    paragraph.folded ??= fold(paragraph.text).text;
    const places = placesIn(paragraph.folded, wanted);
    if (places.length) found.push({ paragraph, places, size: wanted.length });
    occurrences += places.length;
  }
  return { found, occurrences, empty: false };
}

function excerpt({ paragraph, places, size }) {
  const { text } = paragraph;
  const { starts, ends } = fold(text);
  const line = document.createElement("p");
  line.className = "text";
  const from = Math.max(0, starts[places[0]] - BEFORE);
  const to = Math.min(text.length, ends[places[0] + size - 1] + AFTER);
  let at = from;
  line.append(from > 0 ? "…" : "");
  for (const place of places) {
    const start = starts[place];
    const end = ends[place + size - 1];
    if (end > to || start < at) continue;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    line.append(text.slice(at, start), mark);
    at = end;
  }
  line.append(text.slice(at, to), to < text.length ? "…" : "");
  return line;
}

function itemOf(hit) {
  const { symbol, page, anchor, name } = hit.paragraph;
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `${page.split("/").map(encodeURIComponent).join("/")}#p-${encodeURIComponent(anchor)}`;
  link.textContent = `${symbol} ${name}`;
  const head = document.createElement("p");
  head.className = "symbol";
  head.append(link);
  item.append(head, excerpt(hit));
  return item;
}

function show(found, from) {
  for (const hit of found.slice(from, from + SHOWN)) list.append(itemOf(hit));
  if (found.length <= from + SHOWN) return;
  const item = document.createElement("li");
  const more = document.createElement("button");
  more.type = "button";
  more.textContent = `再列${Math.min(SHOWN, found.length - from - SHOWN)}段`;
  more.addEventListener("click", () => { item.remove(); show(found, from + SHOWN); });
  item.append(more);
  list.append(item);
}

function load(path) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = path;
    script.addEventListener("load", done);
    script.addEventListener("error", () => failed(new Error(path)));
    document.head.append(script);
  });
}

let loading;
async function loadAll() {
  await load("search/fold.js");
  for (let number = 1; number <= Number(own.files); number += 1) {
    told.textContent = `正在读入全文 ${number}/${own.files}`;
    await load(`search/texts-${number}.js`);
  }
}

async function search(phrase) {
  list.replaceChildren();
  try {
    loading ??= loadAll();
    await loading;
  } catch (error) {
    told.textContent = `缺少${error.message}：这个包不完整，请用verify.py核对。`;
    return;
  }
  const bare = phrase.trim().replace(/^[“"「『](.+)[”"」』]$/u, "$1");
  let note = "";
  let { found, occurrences, empty } = find(phrase);
  if (!found.length && bare !== phrase.trim()) {
    note = "连引号没有，以下不计引号。";
    phrase = bare;
    ({ found, occurrences, empty } = find(phrase));
  }
  const held = new Set(found.map((hit) => hit.paragraph.page)).size;
  told.textContent = empty
    ? "没有可查的字：空白不算。"
    : `${note}“${phrase}”：${occurrences}处，${found.length}段，${held}份文件；逐字查遍全部${documents.length}段。`;
  show(found, 0);
}

window.archiveSearch = { fold: (text) => loadAll().then(() => fold(text).text), find };

const asked = new URLSearchParams(window.location.search).get("q");
if (asked) {
  form.q.value = asked;
  search(asked);
}
