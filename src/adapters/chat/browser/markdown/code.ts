/** Code, which nothing may touch: a line that is just `python` belongs to it like any other. */
import {
  childrenOf,
  firstBelow,
  isElement,
  type MarkupElement,
  type MarkupNode,
  tagOf,
  textOf,
} from './nodes.ts';

function longestRun(text: string, sign: string): number {
  const runs = text.match(new RegExp(`${sign}+`, 'g')) ?? [];
  return Math.max(0, ...runs.map((run) => run.length));
}

export function inlineCode(text: string): string {
  const fence = '`'.repeat(longestRun(text, '`') + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return text === '' ? '' : fence + pad + text + pad + fence;
}

function languageIn(element: MarkupElement): string {
  return /(?:^|\s)lang(?:uage)?-(\S+)/.exec(element.attribs['class'] ?? '')?.[1] ?? '';
}

/** The line above the code that names its language, where the code itself does not. */
function headBefore(nodes: readonly MarkupNode[], code: MarkupElement): string {
  let head = '';
  for (const node of nodes) {
    if (node === code) return head;
    if (!isElement(node)) continue;
    const inside = firstBelow([node], (one) => one === code) !== null;
    if (inside) return head + headBefore(childrenOf(node), code);
    head += textOf([node]);
  }
  return head;
}

export function codeBlock(pre: MarkupElement): string {
  const inner = childrenOf(pre);
  const code = firstBelow(inner, (one) => tagOf(one) === 'code');
  const content = textOf(code === null ? inner : childrenOf(code)).replace(/\n$/, '');
  const named = code === null ? '' : languageIn(code) || headBefore(inner, code).trim();
  const language = /^[\w+#.-]+$/.test(named) ? named.toLowerCase() : '';
  const fence = '`'.repeat(Math.max(3, longestRun(content, '`') + 1));
  return `${fence}${language}\n${content}\n${fence}`;
}
