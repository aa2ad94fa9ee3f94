/** A page as its learner sees it: one static HTML document without scripts. */
import { sha256Hex } from '../core/hash-chain.ts';
import type { Block, ListItem, Page, Section } from '../core/page.ts';
import { languageCode } from '../core/language.ts';
import { escapeAttribute, escapeText } from '../core/escape.ts';
import { safeImage } from './html/links.ts';
import { sanitaryHtml } from './html/sanitize.ts';
import { htmlOfPlain } from './clean/plain.ts';
import { inlineOfRich, richOf } from './clean/rich.ts';
import { PAGE_STYLE } from './render/style.ts';

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ps', 'ur', 'yi']);

/** Inline HTML of a page is built again, as the page may come from a database that others write. */
function inline(html: string): string {
  const built = inlineOfRich(richOf(html));
  return sanitaryHtml(built.html, built.text);
}

function renderItem(item: ListItem): string {
  const nested =
    item.items === undefined || item.items.length === 0
      ? ''
      : renderItems(item.items, item.ordered ?? false);
  // The box is the bullet.
  const kind = /^[☐☑]/.test(item.text) ? ' class="box"' : '';
  return `<li${kind} dir="auto">${inline(item.html)}${nested}</li>`;
}

function renderItems(items: readonly ListItem[], ordered: boolean, start?: number): string {
  const tag = ordered ? 'ol' : 'ul';
  const from = start === undefined ? '' : ` start="${start}"`;
  return `<${tag}${from}>\n${items.map(renderItem).join('\n')}\n</${tag}>`;
}

type Table = Extract<Block, { type: 'table' }>;

function renderTable(table: Table): string {
  const cell = (text: string, html: string | undefined): string =>
    html === undefined ? escapeText(text).replaceAll('\n', '<br>') : inline(html);
  const header = table.header.map(
    (text, index) => `<th scope="col">${cell(text, table.html?.header[index])}</th>`,
  );
  const rows = table.rows.map((row, y) => {
    const cells = row.map((text, x) => `<td>${cell(text, table.html?.rows[y]?.[x])}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  const head = header.length === 0 ? '' : `<thead><tr>${header.join('')}</tr></thead>\n`;
  const body = rows.length === 0 ? '' : `<tbody>\n${rows.join('\n')}\n</tbody>\n`;
  return `<div class="scroll" tabindex="0"><table>\n${head}${body}</table></div>`;
}

function renderCode(language: string | null, text: string): string {
  const name = language === null ? '' : ` class="language-${escapeAttribute(language)}"`;
  return `<pre tabindex="0"><code${name}>${escapeText(text)}</code></pre>`;
}

function renderImage(src: string, alt: string): string {
  const safe = safeImage(src);
  if (safe === null) return alt === '' ? '' : `<p dir="auto">${escapeText(alt)}</p>`;
  return (
    `<figure><img src="${escapeAttribute(safe)}" alt="${escapeAttribute(alt)}" loading="lazy" ` +
    'referrerpolicy="no-referrer"></figure>'
  );
}

function renderBlock(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return `<p dir="auto">${inline(block.html)}</p>`;
    case 'list':
      return renderItems(block.items, block.ordered, block.start);
    case 'code':
      return renderCode(block.language, block.text);
    case 'table':
      return renderTable(block);
    case 'quote':
      return `<blockquote dir="auto">${inline(block.html)}</blockquote>`;
    case 'callout':
      return `<aside class="callout ${escapeAttribute(block.kind)}" dir="auto">${inline(block.html)}</aside>`;
    case 'details':
      return `<details><summary dir="auto">${htmlOfPlain(block.summary, 'summary')}</summary>\n${renderBlocks(block.blocks)}\n</details>`;
    case 'image':
      return renderImage(block.src, block.alt);
    case 'definition': {
      const items = block.items.map(
        (item) =>
          (item.term === '' ? '' : `<dt dir="auto">${htmlOfPlain(item.term, 'term')}</dt>`) +
          (item.text === '' ? '' : `<dd dir="auto">${inline(item.html)}</dd>`),
      );
      return `<dl>\n${items.join('\n')}\n</dl>`;
    }
  }
}

function renderBlocks(blocks: readonly Block[]): string {
  return blocks.map(renderBlock).join('\n');
}

function renderSection(section: Section): string {
  const level = section.level ?? 2;
  const heading =
    section.heading === null
      ? ''
      : `<h${level} dir="auto">${htmlOfPlain(section.heading, 'heading')}</h${level}>\n`;
  return `<section>\n${heading}${renderBlocks(section.blocks)}\n</section>`;
}

function contentSecurityPolicy(): string {
  const hash = Buffer.from(sha256Hex(PAGE_STYLE), 'hex').toString('base64');
  return (
    `default-src 'none'; style-src 'sha256-${hash}'; img-src https:; base-uri 'none'; ` +
    "form-action 'none'"
  );
}

/** The page's own first-level heading, or its title where it has none. */
function renderTitle(page: Page): string {
  if (page.sections.some((section) => section.level === 1)) return '';
  return `<h1 class="page-title" dir="auto">${htmlOfPlain(page.title, 'heading')}</h1>\n`;
}

/** A complete document: accessible, for screens light and dark and for paper, with a strict CSP. */
function renderDocument(language: string | null, title: string, main: string): string {
  const lang = language === null ? '' : ` lang="${language}"`;
  const dir = language !== null && RIGHT_TO_LEFT.has(language) ? ' dir="rtl"' : '';
  return `<!doctype html>
<html${lang}${dir}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(contentSecurityPolicy())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeText(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}

export interface Neighbour {
  readonly href: string;
  readonly title: string;
}

/** The pages beside one; null where there is none. */
export interface Around {
  readonly contents: string;
  readonly previous: Neighbour | null;
  readonly next: Neighbour | null;
}

/** Arrows and the pages' own titles: no word of ours, as the pages' language is the lead's. */
function renderAround({ contents, previous, next }: Around): string {
  const link = (href: string, text: string): string =>
    `<a href="${escapeAttribute(href)}" dir="auto">${escapeText(text)}</a>`;
  const links = [
    previous === null ? '<span></span>' : link(previous.href, `← ${previous.title}`),
    `<a href="${escapeAttribute(contents)}" aria-label="planline">☰</a>`,
    next === null ? '<span></span>' : link(next.href, `${next.title} →`),
  ];
  return `\n<nav class="around">\n${links.join('\n')}\n</nav>`;
}

/** A page as a learner sees it; with its neighbours where it is one of several files. */
export function renderPage(page: Page, around: Around | null = null): string {
  const nav = around === null ? '' : renderAround(around);
  return renderDocument(
    languageCode(page.language),
    page.title,
    `${renderTitle(page)}${page.sections.map(renderSection).join('\n')}${nav}`,
  );
}

/** The list of a plan's pages; `href` leads to each. */
export function renderContents(
  pages: readonly { readonly page: Page; readonly href: string }[],
): string {
  const language = languageCode(pages[0]?.page.language ?? null);
  const items = pages.map(
    ({ page, href }) =>
      `<li><a href="${escapeAttribute(href)}" dir="auto">${escapeText(page.title)}</a></li>`,
  );
  const nav = `<nav class="contents" aria-labelledby="plan">\n<ol>\n${items.join('\n')}\n</ol>\n</nav>`;
  // No word of ours: the pages' language is the lead's.
  return renderDocument(language, 'planline', `<h1 id="plan">planline</h1>\n${nav}`);
}
