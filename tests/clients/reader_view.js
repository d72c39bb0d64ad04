// What Reader View keeps of pages: reads [{address, html}] from standard input, writes [{address, text}].
// Text is what Reader View shows: title, then the article.
const { Readability } = require("@mozilla/readability");
const { JSDOM } = require("jsdom");

const pages = JSON.parse(require("fs").readFileSync(0, "utf8"));
const kept = pages.map(({ address, html }) => {
  const { document } = new JSDOM(html, { url: "http://archive.example" + address }).window;
  const article = new Readability(document).parse();
  return { address, text: article ? article.title + "\n" + article.textContent : "" };
});
process.stdout.write(JSON.stringify(kept));
