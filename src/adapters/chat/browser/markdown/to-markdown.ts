/**
 * An answer as the page shows it → markdown. Used to check what the page's own copy gave, and in its
 * place when it gives nothing. Signs that stand in the text are left as they are, unescaped: the
 * pipeline reads tags such as <blok-1> from it. A general converter would escape them, and takes the
 * line above a block of code for text.
 */
import { codeBlock } from './code.ts';
import { inlineOf } from './inline.ts';
import {
  childrenOf,
  isControl,
  isElement,
  type MarkupElement,
  type MarkupNode,
  parseMarkup,
  tagOf,
} from './nodes.ts';
import { tableBlock } from './table.ts';

/** Blocks that are nothing by themselves. */
const BOXES = new Set([
  'address',
  'article',
  'aside',
  'body',
  'dd',
  'details',
  'div',
  'dl',
  'dt',
  'figcaption',
  'figure',
  'footer',
  'header',
  'html',
  'main',
  'section',
  'summary',
]);
const BLOCKS = new Set(['p', 'pre', 'ul', 'ol', 'blockquote', 'table', 'hr']);

function isBlock(element: MarkupElement): boolean {
  const tag = tagOf(element);
  return BOXES.has(tag) || BLOCKS.has(tag) || /^h[1-6]$/.test(tag);
}

function indented(text: string, by: string): string {
  return text.replace(/\n(?=[^\n])/g, `\n${by}`);
}

/** Items of a list whose text stands in paragraphs are apart from each other. */
function isLoose(items: readonly MarkupElement[]): boolean {
  return items.some((item) => childrenOf(item).some((one) => isElement(one) && tagOf(one) === 'p'));
}

function listBlock(list: MarkupElement): string {
  const items = childrenOf(list)
    .filter(isElement)
    .filter((one) => tagOf(one) === 'li');
  const first = Number(list.attribs['start'] ?? 1);
  const loose = isLoose(items);
  const lines = items.map((item, i) => {
    const mark = tagOf(list) === 'ol' ? `${first + i}. ` : '- ';
    const text = blocksOf(childrenOf(item)).join(loose ? '\n\n' : '\n');
    return mark + indented(text, ' '.repeat(mark.length));
  });
  return lines.join(loose ? '\n\n' : '\n');
}

function quoteBlock(quote: MarkupElement): string {
  return blocksOf(childrenOf(quote))
    .join('\n\n')
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}

function paragraph(nodes: readonly MarkupNode[]): string {
  return inlineOf(nodes)
    .replace(/ *\n */g, '\n')
    .trim();
}

function blockOf(element: MarkupElement): string {
  const tag = tagOf(element);
  switch (tag) {
    case 'pre':
      return codeBlock(element);
    case 'ul':
    case 'ol':
      return listBlock(element);
    case 'blockquote':
      return quoteBlock(element);
    case 'table':
      return tableBlock(element);
    case 'hr':
      return '---';
    default: {
      const level = /^h([1-6])$/.exec(tag)?.[1];
      const text = paragraph(childrenOf(element));
      return level === undefined ? text : `${'#'.repeat(Number(level))} ${text}`;
    }
  }
}

function blocksOf(nodes: readonly MarkupNode[]): string[] {
  const blocks: string[] = [];
  let line: MarkupNode[] = [];
  const endLine = (): void => {
    const text = paragraph(line);
    if (text !== '') blocks.push(text);
    line = [];
  };
  for (const node of nodes) {
    if (!isElement(node) || !isBlock(node)) {
      line.push(node);
      continue;
    }
    endLine();
    if (isControl(node)) continue;
    const inner = BOXES.has(tagOf(node)) ? blocksOf(childrenOf(node)) : [blockOf(node)];
    blocks.push(...inner.filter((block) => block !== ''));
  }
  endLine();
  return blocks;
}

export function toMarkdown(html: string): string {
  return blocksOf(parseMarkup(html)).join('\n\n');
}
