/** The parsed document: types and small questions about its nodes. */
import { load } from 'cheerio';
import type { CheerioAPI } from 'cheerio';

/** cheerio does not export the types of its nodes; they are those that `load` takes. */
export type DomNode = Exclude<Parameters<typeof load>[0], string | Buffer | readonly unknown[]>;
export type DomElement = Extract<DomNode, { attribs: unknown; tagName: string }>;

/** At the end of a text parse5 closes templates by calling itself for each of them. */
const MAX_TEMPLATES = 512;
const TEMPLATE = /<template(?=[\s/>])/gi;

/** To be asked before HTML of others is parsed: so many would end in an overflow of the stack. */
export function hasTooManyTemplates(html: string): boolean {
  return (html.match(TEMPLATE)?.length ?? 0) > MAX_TEMPLATES;
}

/** With `places` nodes know where in the source they stand, which takes its time. */
export function parseDocument(html: string, { places = false } = {}): CheerioAPI {
  // Pages run without scripts, so what stands in <noscript> is seen.
  return load(html, { scriptingEnabled: false, sourceCodeLocationInfo: places });
}

export function parseFragment(html: string): CheerioAPI {
  return load(html, { scriptingEnabled: false }, false);
}

export function isElement(node: DomNode): node is DomElement {
  return 'attribs' in node && 'tagName' in node;
}

/** Text of a text node; null for every other node, comments among them. */
export function textOf(node: DomNode): string | null {
  return node.nodeType === 3 && 'data' in node ? node.data : null;
}

export function childrenOf(node: DomNode): readonly DomNode[] {
  return 'children' in node ? node.children : [];
}

export function tagOf(element: DomElement): string {
  return element.tagName.toLowerCase();
}

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

const MATH_NAMESPACE = 'http://www.w3.org/1998/Math/MathML';

/** Within a formula a name of HTML, such as `figure`, is an unknown element, which browsers draw in line. */
export function isInFormula(element: DomElement): boolean {
  return element.namespace === MATH_NAMESPACE;
}

/** Does a drawing or formula hold something else, as a diagram holds HTML for its labels? */
export function isMixed(element: DomElement): boolean {
  return findElement(element, (inner) => inner.namespace !== element.namespace) !== null;
}

/** Does an element stand apart from the words around it: a button, a piece of a drawing? */
export function standsApart(element: DomElement): boolean {
  const tag = tagOf(element);
  const isButton = tag === 'button' && !isInFormula(element);
  return isButton || (element.namespace === SVG_NAMESPACE && tag !== 'tspan');
}

export function attribute(element: DomElement, name: string): string | null {
  return Object.hasOwn(element.attribs, name) ? (element.attribs[name] ?? null) : null;
}

export function classesOf(element: DomElement): string[] {
  return (attribute(element, 'class') ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((name) => name !== '');
}

/** Elements that no reader sees, or whose content is no text. */
const NEVER_SHOWN = new Set([
  'script',
  'style',
  'template',
  'head',
  'title',
  'iframe',
  'frame',
  'noframes',
  'noembed',
  'embed',
  'datalist',
  'param',
  'source',
  'track',
  'link',
  'meta',
  'base',
  'annotation',
  'annotation-xml',
]);

export function isHidden(element: DomElement): boolean {
  const tag = tagOf(element);
  // The title of a drawing is its text; the title of a document is not on the page.
  if (tag === 'title') return !isSvgTitle(element);
  if (NEVER_SHOWN.has(tag) || attribute(element, 'hidden') !== null) return true;
  if (tag === 'dialog' && attribute(element, 'open') === null) return true;
  if (tag === 'input' && attribute(element, 'type')?.toLowerCase() === 'hidden') return true;
  const style = (attribute(element, 'style') ?? '').toLowerCase().replace(/\s|\/\*.*?\*\//g, '');
  return /(?:^|;)(?:display:none|visibility:(?:hidden|collapse))(?:;|!|$)/.test(style);
}

function isSvgTitle(title: DomElement): boolean {
  for (let node = title.parent; node !== null; node = node.parent) {
    if (isElement(node) && tagOf(node) === 'svg') return true;
  }
  return false;
}

/** How deep the deepest node lies; counted without recursion, as the document may be hostile. */
export function depthOf(root: DomNode): number {
  let deepest = 0;
  const waiting: { node: DomNode; depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    deepest = Math.max(deepest, next.depth);
    for (const child of childrenOf(next.node)) waiting.push({ node: child, depth: next.depth + 1 });
  }
  return deepest;
}

/** The first element, in document order, that satisfies a test. */
export function findElement(
  root: DomNode,
  test: (element: DomElement) => boolean,
): DomElement | null {
  const waiting: DomNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isElement(node) && test(node)) return node;
    // One by one: a call takes no hundred thousand arguments.
    for (const child of childrenOf(node).toReversed()) waiting.push(child);
  }
  return null;
}
