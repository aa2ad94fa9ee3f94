/** The HTML page of a chat reply, wherever in the reply it stands. */
import { ok, refuse } from '../result.ts';
import type { Result } from '../result.ts';
import { findFences } from './fences.ts';
import { joinParts } from './join-parts.ts';
import { mendTags } from './mend-tags.ts';
import { countWords, hasWords, tidyReply } from './normalize.ts';
import { readingsOfText, withoutQuoteSigns } from './readings.ts';

interface Mark {
  readonly kind: 'doctype' | 'html' | 'end';
  readonly start: number;
  readonly end: number;
}

interface Document {
  readonly start: number;
  /** Null while `</html>` is missing. */
  readonly end: number | null;
}

const NO_PAGE =
  'the reply is text without an HTML page; one complete page was asked for, from <!doctype html> ' +
  'to </html>';

/** As it looks inside a JSON text: `<html lang=\\"sk\\">`. */
const ESCAPED_TAG = /^<html [^<>]*=\\["']/i;
const PACKED =
  'the HTML page stands inside JSON, with \\" and \\n; the page itself was asked for, from ' +
  '<!doctype html> to </html>';

/** Remarks before and after a page are shorter. */
const MAX_WORDS_AROUND = 150;

const CONTAINERS =
  'body|main|article|section|header|footer|nav|aside|div|h[1-6]|ul|ol|dl|table|blockquote|pre|details|figure';
const CONTAINER_TAG = new RegExp(`<(/?)(${CONTAINERS})(?=[\\s>/])[^<>]{0,2000}>`, 'gi');
const FIRST_TAG = new RegExp(`(?<!\`)<(?:${CONTAINERS}|p|head)(?=[\\s>/])`, 'i');
const LAST_TAG = new RegExp(`</(?:${CONTAINERS}|p|html)\\s*>`, 'gi');

const OPENER =
  /<!--|<(?:script|style)\b[^>]{0,2000}>|<!doctype\b[^>]{0,500}>|<html(?=[\s>])[^>]{0,2000}>|<\/html\s*>/gi;

/** What ends the part that begins here, in which no tag counts; null where tags count. */
function endOfRaw(opener: string): string | null {
  if (opener === '<!--') return '-->';
  if (opener.startsWith('<script')) return '</script';
  return opener.startsWith('<style') ? '</style' : null;
}

/** Beginnings and ends of documents, not those in comments, scripts and styles. */
function findMarks(text: string): Mark[] {
  const marks: Mark[] = [];
  const unended = new Set<string>();
  let free = 0;
  for (const match of text.matchAll(OPENER)) {
    const opener = match[0].toLowerCase();
    const { index: start } = match;
    if (start < free) continue;
    const end = start + opener.length;
    const closing = endOfRaw(opener);
    if (closing === null) {
      const kind = opener.startsWith('<!') ? 'doctype' : opener.startsWith('</') ? 'end' : 'html';
      marks.push({ kind, start, end });
    } else if (!unended.has(closing)) {
      const found = new RegExp(closing, 'gi');
      found.lastIndex = end;
      const closed = found.exec(text)?.index ?? null;
      if (closed === null) unended.add(closing);
      else free = closed;
    }
  }
  return marks;
}

/** White space, signs of a quotation and comments only. A pattern for this takes exponential time. */
function isBlank(text: string): boolean {
  const signs = /[\s>]*/y;
  for (let at = 0; ;) {
    signs.lastIndex = at;
    at += signs.exec(text)?.[0].length ?? 0;
    if (!text.startsWith('<!--', at)) return at === text.length;
    const end = text.indexOf('-->', at + '<!--'.length);
    if (end === -1) return false;
    at = end + '-->'.length;
  }
}

/** A doctype and the `<html>` that follows it, be it in a quotation, begin one document. */
function continues(text: string, doctype: Mark | undefined, html: Mark): boolean {
  if (doctype?.kind !== 'doctype' || html.kind !== 'html') return false;
  return isBlank(text.slice(doctype.end, html.start));
}

/** A page that names its own end goes on to the next one: browsers show what stands between, too. */
function goesOn(text: string, { end }: Document, { start }: Mark): boolean {
  return (
    end !== null &&
    /(?<!`)<\/(?:body|main|p|ul|ol|section|article|div)\s*>\s*$/i.test(text.slice(end, start))
  );
}

/** Outermost documents; one that opens within another is a sample and belongs to it. */
function findDocuments(text: string): Document[] {
  const documents: Document[] = [];
  const open: number[] = [];
  const marks = findMarks(text);
  for (const [index, mark] of marks.entries()) {
    if (mark.kind !== 'end') {
      if (!continues(text, marks[index - 1], mark)) open.push(mark.start);
      continue;
    }
    const start = open.pop();
    if (start === undefined) {
      const last = documents.pop();
      if (last !== undefined)
        documents.push(goesOn(text, last, mark) ? { ...last, end: mark.end } : last);
      continue;
    }
    while ((documents.at(-1)?.start ?? -1) > start) documents.pop();
    documents.push({ start, end: mark.end });
  }
  return [...open.map((start) => ({ start, end: null })), ...documents].toSorted(
    (a, b) => a.start - b.start,
  );
}

/** Does an unclosed document show this one as a piece of code? */
function isSample(text: string, start: number, documents: readonly Document[]): boolean {
  const outer = documents.findLast((document) => document.end === null && document.start < start);
  if (outer === undefined) return false;
  const between = text.slice(outer.start, start).toLowerCase();
  return ['<pre', '<code', '<textarea'].some(
    (tag) => between.lastIndexOf(tag) > between.lastIndexOf(tag.replace('<', '</')),
  );
}

function longest(texts: readonly string[]): string | null {
  return texts.reduce<string | null>(
    (chosen, next) => (chosen === null || next.length >= chosen.length ? next : chosen),
    null,
  );
}

/** Names of containers that are opened and never closed. */
function unclosed(fragment: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = ''] of fragment.matchAll(CONTAINER_TAG)) {
    const tag = name.toLowerCase();
    if (slash === '') open.push(tag);
    else if (open.includes(tag)) open.splice(open.lastIndexOf(tag), 1);
  }
  return open;
}

/** An element that begins after the last whole one, or a tag that breaks off. */
const CUT_REST = /^\s*<[a-z]|<[a-z][^>]*$/i;

/** A page without `<html>`: at least two elements, from the first to the last tag of a block. */
function readFragment(text: string, cutAtEnd: boolean): Result<string> | null {
  const first = FIRST_TAG.exec(text);
  const lastTag = [...text.matchAll(LAST_TAG)].at(-1);
  if (first === null || lastTag === undefined || lastTag.index < first.index) return null;
  const end = lastTag.index + lastTag[0].length;
  const fragment = text.slice(first.index, end).trim();
  if ((fragment.match(LAST_TAG) ?? []).length < 2) return null;
  const open = unclosed(text.slice(first.index));
  const rest = text.slice(end);
  if (open.length > 0 || cutAtEnd || CUT_REST.test(rest)) {
    const which = open.length > 0 ? `: <${open.at(-1) ?? ''}> is never closed` : '';
    return refuse(`the HTML is incomplete${which}; the reply was cut off`);
  }
  return ok(fragment);
}

/** What a reader would see, roughly; enough to weigh texts against each other. */
function visibleWords(html: string): number {
  return countWords(html.replace(/<[^<>]{0,2000}>/g, ' '));
}

/** A page in a text that goes on about other things is a sample, and the text is no page. */
function isSmallPart(page: string, around: string): boolean {
  const outside = visibleWords(around);
  return outside > MAX_WORDS_AROUND && outside > 2 * visibleWords(page);
}

/** Headings of Markdown: the tags between them are those that Markdown allows. */
function isMarkdown(fragment: string): boolean {
  const prose = fragment.replace(/<pre[\s>][\s\S]*?(?:<\/pre|$)/gi, '');
  return (prose.match(/^#{1,6} \S/gm) ?? []).length >= 2;
}

function accept(page: string, text: string): Result<string> {
  const at = text.indexOf(page);
  const around = `${text.slice(0, at)} ${text.slice(at + page.length)}`;
  return isSmallPart(page, around) || isMarkdown(page) ? refuse(NO_PAGE) : ok(page);
}

/** "From <!doctype html> to </html>" is a sentence about pages. */
function isMention(text: string, { start, end }: Document): boolean {
  return end !== null && !FIRST_TAG.test(text.slice(start, end));
}

function readDocuments(text: string, documents: readonly Document[]): Result<string> {
  const complete = documents.flatMap(({ start, end }) =>
    end === null || isSample(text, start, documents) ? [] : [text.slice(start, end)],
  );
  const page = longest(complete);
  if (page === null) {
    return refuse('the HTML page is incomplete: </html> is missing, the reply was cut off');
  }
  const before = text.slice(0, documents[0]?.start ?? 0);
  const after = text.slice(Math.max(...documents.map(({ end }) => end ?? 0)));
  return isSmallPart(page, `${before} ${after}`) ? refuse(NO_PAGE) : ok(page);
}

function readPage(text: string): Result<string> | null {
  const documents = findDocuments(text).filter((document) => !isMention(text, document));
  if (documents.length > 0) return readDocuments(text, documents);
  const fences = findFences(text).map((fence) => readFragment(fence.content, !fence.closed));
  const fenced = longest(fences.flatMap((result) => (result?.ok ? [result.value] : [])));
  if (fenced !== null) return accept(fenced, text);
  const found = fences.find((result) => result !== null) ?? readFragment(text, false);
  return found?.ok ? accept(found.value, text) : found;
}

/** Where much stands around a quoted page, what is before its first tag tells how deep it is quoted. */
function unquoted(page: string, text: string): string {
  const before = text.slice(0, text.indexOf(page)).split('\n').at(-1) ?? '';
  const layers = hasWords(before) ? 0 : before.replace(/[^>]/g, '').length;
  return withoutQuoteSigns(page, layers);
}

/**
 * The HTML of a reply, from `<!doctype html>` or `<html>` to `</html>`, or a fragment of several
 * block elements. Of several complete pages the longest is taken, one in several fences is put together;
 * a cut page and prose are refused.
 */
export function extractHtml(reply: string): Result<string> {
  if (tidyReply(reply).trim() === '')
    return refuse('the reply is empty; an HTML page was asked for');
  for (const text of readingsOfText(reply)) {
    const mended = joinParts(mendTags(text));
    const result = readPage(mended);
    if (result?.ok === true && ESCAPED_TAG.test(result.value)) return refuse(PACKED);
    if (result !== null) return result.ok ? ok(unquoted(result.value, mended)) : result;
  }
  return refuse(NO_PAGE);
}
