/** The nodes of an answer's markup, apart from any browser. */
import { load } from 'cheerio';
import type { CheerioAPI } from 'cheerio';

/** cheerio does not export the types of its nodes; they are those that `load` takes. */
type Loaded = Extract<Parameters<typeof load>[0], { nodeType: number }>;
export type MarkupNode = Extract<Loaded, { type: unknown }>;
export type MarkupElement = Extract<MarkupNode, { attribs: unknown; tagName: string }>;

export function parseMarkup(html: string): MarkupNode[] {
  const $: CheerioAPI = load(html, null, false);
  return [...$.root().contents()];
}

export function isElement(node: MarkupNode): node is MarkupElement {
  return 'attribs' in node && 'tagName' in node;
}

/** The words of a text node; null for every other node, comments among them. */
export function wordsOf(node: MarkupNode): string | null {
  return node.nodeType === 3 && 'data' in node ? node.data : null;
}

export function tagOf(element: MarkupElement): string {
  return element.tagName.toLowerCase();
}

export function childrenOf(element: MarkupElement): MarkupNode[] {
  return element.childNodes;
}

function hasClass(element: MarkupElement, name: string): boolean {
  return (element.attribs['class'] ?? '').split(/\s+/).includes(name);
}

const NOT_TEXT = new Set(['button', 'script', 'style', 'svg', 'noscript', 'template', 'textarea']);

/** Controls of the page, and what is there for a screen reader alone. */
export function isControl(element: MarkupElement): boolean {
  return (
    NOT_TEXT.has(tagOf(element)) ||
    hasClass(element, 'sr-only') ||
    element.attribs['role'] === 'button' ||
    element.attribs['hidden'] !== undefined
  );
}

/** All the words below, as they stand; without controls. */
export function textOf(nodes: readonly MarkupNode[]): string {
  return nodes
    .map((node) => {
      const words = wordsOf(node);
      if (words !== null) return words;
      if (!isElement(node) || isControl(node)) return '';
      return tagOf(node) === 'br' ? '\n' : textOf(childrenOf(node));
    })
    .join('');
}

/** The first element below that matches, in document order. */
export function firstBelow(
  nodes: readonly MarkupNode[],
  matches: (element: MarkupElement) => boolean,
): MarkupElement | null {
  for (const node of nodes) {
    if (!isElement(node)) continue;
    if (matches(node)) return node;
    const found = firstBelow(childrenOf(node), matches);
    if (found !== null) return found;
  }
  return null;
}

/** Elements below that match, in document order; what is below a match is not looked at. */
export function allBelow(
  nodes: readonly MarkupNode[],
  matches: (element: MarkupElement) => boolean,
): MarkupElement[] {
  return nodes.filter(isElement).flatMap((element) => {
    return matches(element) ? [element] : allBelow(childrenOf(element), matches);
  });
}

/** The TeX of a formula, which the page keeps beside what it draws; null for anything else. */
export function formulaOf(element: MarkupElement): { tex: string; block: boolean } | null {
  const block = hasClass(element, 'katex-display');
  if (!block && !hasClass(element, 'katex')) return null;
  const source = firstBelow([element], (one) => one.attribs['encoding'] === 'application/x-tex');
  return source === null ? null : { tex: textOf(childrenOf(source)).trim(), block };
}
