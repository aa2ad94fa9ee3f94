/** A lesson in markdown → a complete HTML page. Every word is kept; whatever looks like HTML is text. */
import { LANGUAGES, PHRASES, type Language } from './phrases/index.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** Emphasis, code and web links, on text that has been escaped. */
function inline(text: string): string {
  return escapeHtml(text.trim())
    .split(/(`[^`]+`)/)
    .map((part, i) => (i % 2 === 1 ? `<code>${part.slice(1, -1)}</code>` : emphasis(part)))
    .join('');
}

function emphasis(escaped: string): string {
  return escaped
    .replace(/\[([^[\]]{1,300})\]\((https?:\/\/[^\s)]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g, '<em>$1</em>');
}

const FENCE = /^\s*(?:```|~~~)\s*([\w+#-]*)\s*$/;
const HEADING = /^(#{1,6})\s+(.+?)\s*#*$/;
const ITEM = /^\s*(?:([-*+•])|(\d{1,3})[.)])\s+(.*)$/u;
const QUOTE = /^\s*>\s?/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;

interface Reader {
  readonly lines: readonly string[];
  at: number;
}

/** Takes the lines from here on for which the test holds. */
function takeWhile(reader: Reader, test: (line: string) => boolean): string[] {
  const taken: string[] = [];
  for (let line = reader.lines[reader.at]; line !== undefined && test(line);) {
    taken.push(line);
    reader.at += 1;
    line = reader.lines[reader.at];
  }
  return taken;
}

function fence(reader: Reader, language: string): string {
  reader.at += 1;
  const code = takeWhile(reader, (line) => !FENCE.test(line));
  reader.at += 1;
  const kind = language === '' ? '' : ` class="language-${escapeHtml(language)}"`;
  return `<pre><code${kind}>${escapeHtml(code.join('\n'))}</code></pre>`;
}

function cells(row: string): string[] {
  return row
    .trim()
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

function table(reader: Reader): string {
  const rows = takeWhile(reader, (line) => ROW.test(line)).map(cells);
  const isDivider = (row: readonly string[]) => row.every((cell) => /^:?-{2,}:?$/.test(cell));
  const [head = [], ...others] = rows.filter((row) => !isDivider(row));
  const th = head.map((cell) => `<th scope="col">${inline(cell)}</th>`).join('');
  const tr = others.map(
    (row) => `<tr>${row.map((cell) => `<td>${inline(cell)}</td>`).join('')}</tr>`,
  );
  return `<table>\n<thead><tr>${th}</tr></thead>\n<tbody>\n${tr.join('\n')}\n</tbody>\n</table>`;
}

function item(text: string): string {
  const task = /^\[([ xX])\]\s+(.*)$/u.exec(text);
  if (task === null) return `<li>${inline(text)}</li>`;
  return `<li>${task[1] === ' ' ? '☐' : '☑'} ${inline(task[2] ?? '')}</li>`;
}

function list(reader: Reader): string {
  const number = ITEM.exec(reader.lines[reader.at] ?? '')?.[2];
  const ordered = number !== undefined;
  const items: string[] = [];
  const continues = (line: string) => {
    const found = ITEM.exec(line);
    return found === null ? /^\s+\S/.test(line) : (found[2] !== undefined) === ordered;
  };
  for (const line of takeWhile(reader, continues)) {
    const text = ITEM.exec(line)?.[3];
    if (text === undefined) items.push(`${items.pop() ?? ''} ${line.trim()}`.trim());
    else items.push(text);
  }
  const tag = ordered ? 'ol' : 'ul';
  const start = ordered && Number(number) !== 1 ? ` start="${Number(number)}"` : '';
  return `<${tag}${start}>\n${items.map(item).join('\n')}\n</${tag}>`;
}

function isNotice(text: string): boolean {
  return LANGUAGES.some((language) => text.includes(PHRASES[language].notice));
}

function quote(reader: Reader): string {
  const text = takeWhile(reader, (line) => QUOTE.test(line))
    .map((line) => line.replace(QUOTE, ''))
    .join(' ');
  const said = `<p>${inline(text)}</p>`;
  if (isNotice(text)) return `<aside class="note" role="note">${said}</aside>`;
  if (text.startsWith('**')) return `<aside class="tip">${said}</aside>`;
  return `<blockquote>${said}</blockquote>`;
}

function startsBlock(line: string): boolean {
  return [FENCE, HEADING, ITEM, QUOTE, ROW, RULE].some((start) => start.test(line));
}

function paragraph(reader: Reader): string {
  const first = reader.lines[reader.at] ?? '';
  reader.at += 1;
  const rest = takeWhile(reader, (line) => line.trim() !== '' && !startsBlock(line));
  return `<p>${[first, ...rest].map(inline).join('<br>\n')}</p>`;
}

interface Part {
  readonly level: number | null;
  readonly html: string;
}

function nextPart(reader: Reader, line: string): Part {
  const heading = HEADING.exec(line);
  if (heading !== null) {
    reader.at += 1;
    return { level: heading[1]?.length ?? 1, html: inline(heading[2] ?? '') };
  }
  const fenced = FENCE.exec(line);
  if (fenced !== null) return { level: null, html: fence(reader, fenced[1] ?? '') };
  if (ROW.test(line)) return { level: null, html: table(reader) };
  if (ITEM.test(line)) return { level: null, html: list(reader) };
  if (QUOTE.test(line)) return { level: null, html: quote(reader) };
  return { level: null, html: paragraph(reader) };
}

function partsOf(markdown: string): Part[] {
  const reader: Reader = { lines: markdown.split(/\r?\n/), at: 0 };
  const parts: Part[] = [];
  for (let line = reader.lines[0]; line !== undefined; line = reader.lines[reader.at]) {
    if (line.trim() === '' || RULE.test(line)) reader.at += 1;
    else parts.push(nextPart(reader, line));
  }
  return parts;
}

/** Sections from each second-level heading on; levels are never skipped on the way down. */
function body(parts: readonly Part[]): string {
  let html = '';
  let depth = 1;
  for (const { level, html: content } of parts) {
    if (level === null) {
      html += `${content}\n`;
      continue;
    }
    const next = Math.min(Math.max(level, 2), depth + 1);
    if (next === 2) html += depth > 1 ? '</section>\n<section>\n' : '<section>\n';
    html += `<h${next}>${content}</h${next}>\n`;
    depth = next;
  }
  return depth > 1 ? `${html}</section>\n` : html;
}

/** The title is the first heading of the lesson; the notice is added where the lesson lacks it. */
export function pageReply(lesson: string, language: Language): string {
  const phrases = PHRASES[language];
  const parts = partsOf(lesson);
  const titled = parts.findIndex(({ level }) => level !== null);
  const title = parts[titled]?.html ?? escapeHtml(phrases.defaults.title);
  const rest = parts.filter((_, i) => i !== titled);
  const notice = `<aside class="note" role="note"><p>${escapeHtml(phrases.notice)}</p></aside>\n`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.replace(/<[^>]+>/g, '')}</title>
</head>
<body>
<main>
<article>
<header>
<h1>${title}</h1>
</header>
${isNotice(lesson) ? '' : notice}${body(rest)}</article>
</main>
</body>
</html>`;
}
