/** Words and what is within a line. */
import { inlineCode } from './code.ts';
import {
  childrenOf,
  formulaOf,
  isControl,
  isElement,
  type MarkupElement,
  type MarkupNode,
  tagOf,
  textOf,
  wordsOf,
} from './nodes.ts';

const MARKS: Readonly<Record<string, string>> = {
  b: '**',
  strong: '**',
  i: '*',
  em: '*',
  s: '~~',
  del: '~~',
};

/** The mark goes round the words, not round the blanks beside them. */
function marked(text: string, mark: string): string {
  const [, before = '', words = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return words === '' ? text : before + mark + words + mark + after;
}

function link(element: MarkupElement): string {
  const words = inlineOf(childrenOf(element));
  const href = element.attribs['href'] ?? '';
  if (words.trim() === '') return '';
  return href === '' || href === textOf([element]) ? words : `[${words}](${href})`;
}

function elementText(element: MarkupElement): string {
  const tag = tagOf(element);
  const formula = formulaOf(element);
  if (formula !== null) return formula.block ? `$$${formula.tex}$$` : `$${formula.tex}$`;
  const mark = MARKS[tag];
  if (mark !== undefined) return marked(inlineOf(childrenOf(element)), mark);
  switch (tag) {
    case 'br':
      return '\n';
    case 'code':
      return inlineCode(textOf(childrenOf(element)));
    case 'a':
      return link(element);
    case 'img':
      return `![${element.attribs['alt'] ?? ''}](${element.attribs['src'] ?? ''})`;
    case 'input': {
      if (element.attribs['type'] !== 'checkbox') return '';
      return element.attribs['checked'] === undefined ? '[ ]' : '[x]';
    }
    default:
      return inlineOf(childrenOf(element));
  }
}

/** Runs of blanks as the page shows them; a line break stays one, as markdown reads it as a blank. */
function flowing(text: string): string {
  return text.replace(/[\t\n\f\r ]+/g, (blanks) => (blanks.includes('\n') ? '\n' : ' '));
}

export function inlineOf(nodes: readonly MarkupNode[]): string {
  return nodes
    .map((node) => {
      const words = wordsOf(node);
      if (words !== null) return flowing(words);
      return isElement(node) && !isControl(node) ? elementText(node) : '';
    })
    .join('');
}
