// Compiled, never run: each line is wrong where an answer has another type, or none.
import type { components, paths } from "./api";

type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Found } } } };
}
  ? Found
  : never;
type Report = NonNullable<paths["/check.json"]["post"]>["responses"][200]["content"]["application/json"];
type IsAny<Type> = 0 extends 1 & Type ? true : false;
type Untyped<Type> = IsAny<Type> extends true ? true : [Type] extends [never] ? true : unknown extends Type ? true : false;
type Json = { [Path in keyof paths]: Answer<Path> extends never ? never : Path }[keyof paths];
// No answer in JSON is any or unknown; the description of the interface alone is an object of any keys.
type Untold = { [Path in Json]: Untyped<Answer<Path>> extends true ? Path : never }[Json];
export const none: Untold extends never ? true : false = true;

export function read(
  document: Answer<"/{symbol}.json">,
  passage: Answer<"/{symbol}/p/{anchor}.json">,
  link: Answer<"/{symbol}/p/{anchor}/{fingerprint}.json">,
  search: Answer<"/search.json">,
  lines: Answer<"/concordance.json">,
  citing: Answer<"/{symbol}/cited-by.json">,
  history: Answer<"/{symbol}/history.json">,
  go: Answer<"/go.json">,
  resolutions: Answer<"/resolutions.json">,
  bodies: Answer<"/bodies.json">,
  states: Answer<"/states.json">,
  coverage: Answer<"/coverage.json">,
  accuracy: Answer<"/accuracy.json">,
  data: Answer<"/data.json">,
  report: Report,
): (string | number | null | undefined)[] {
  const found: (string | number | null | undefined)[] = [];
  if ("paragraphs" in document) found.push(document.paragraphs[0]?.text, document.mentions[0]?.symbol);
  else found.push(document.by_document[0]?.[1], document.cited_by.not_counted.headings);
  if ("paragraph" in passage) found.push(passage.paragraph.number, passage.earlier_texts[0]?.fingerprint);
  if ("range" in passage) found.push(passage.range.text);
  if ("asked" in link) found.push(link.asked.since, link.steps[0]?.from);
  if ("then" in link && link.then) found.push(link.then.text);
  const place: [number, number] | undefined = search.results[0]?.highlights[0];
  found.push(place?.[0], search.total.occurrences, search.facets.year[0]?.[0], search.errors[0]?.code);
  found.push(lines.lines[0]?.keyword, citing.paragraphs[0]?.excerpt, citing.by_year[0]?.[0], citing.cited_filters.with);
  found.push(history.changes[0]?.paragraphs[0]?.then?.text, go.targets[0]?.url, go.nearest[0]?.label, go.parts[0]?.[1]);
  found.push(resolutions.resolutions[0]?.year, bodies.bodies[0]?.slug, states.states[0]?.alpha3);
  found.push(coverage.series[0]?.years?.[0], accuracy.measures[0]?.precision, data.dump?.files[0]?.sha256);
  found.push(report.citations[0]?.standing, report.quotations[0]?.nearest?.diff[0]?.archive, report.corpus.indexed_at);
  // Were these any, the next lines would be right, and the mark above each an error.
  // @ts-expect-error a text is no number
  const number: number = search.results[0]!.text;
  // @ts-expect-error a year may be null
  const year: number = citing.by_year[0]![0];
  // @ts-expect-error no such key
  found.push(history.changes[0]!.paragraph, number, year);
  return found;
}

export type Problem = components["schemas"]["Problem"];
