/**
 * Tags that were meant as text and were not escaped: what follows them is inside an element that no
 * reader sees, or no element any more.
 */
import {
  attribute,
  childrenOf,
  hasTooManyTemplates,
  isElement,
  parseDocument,
  tagOf,
  textOf,
  type DomElement,
  type DomNode,
} from '../html/dom.ts';

/** Elements that go on to the end of the page, or of the part that they stand in, when nothing ends them. */
const SWALLOWING = new Set([
  'title',
  'style',
  'script',
  'textarea',
  'iframe',
  'noframes',
  'noembed',
  'xmp',
  'plaintext',
  'template',
  'dialog',
  'datalist',
  'select',
]);

/** Few pages have more of these than their title, and to parse one again takes its time. */
const MAY_SWALLOW = new RegExp(`<(?:!--|(?:${[...SWALLOWING].join('|')})(?=[\\s/>]))`, 'i');
const WHOLE_TITLE = /<title>[^<]*<\/title\s*>/i;

const HTML_NAMESPACE = 'http://www.w3.org/1999/xhtml';
const END_TAG = /<\/[a-z]/i;

/** In a drawing a title is an element like others. A dialog that is open is read like a section. */
function maySwallow(element: DomElement): boolean {
  return (
    element.namespace === HTML_NAMESPACE &&
    SWALLOWING.has(tagOf(element)) &&
    (tagOf(element) !== 'dialog' || attribute(element, 'open') === null)
  );
}

function isInHead({ parent }: DomElement): boolean {
  return parent !== null && isElement(parent) && tagOf(parent) === 'head';
}

/** Neither a title nor styles have end tags in them: the one that ends them belongs to another. */
function endsLate(element: DomElement): boolean {
  return (
    ['title', 'style'].includes(tagOf(element)) &&
    !isInHead(element) &&
    childrenOf(element).some((child) => END_TAG.test(textOf(child) ?? ''))
  );
}

/** A comment that reaches the end of the page, or the end of the next comment. */
function isOpenComment(node: DomNode, html: string): boolean {
  const place = node.sourceCodeLocation;
  if (node.nodeType !== 8 || place === null || place === undefined) return false;
  const source = html.slice(place.startOffset, place.endOffset);
  if (!source.startsWith('<!--')) return false;
  const isNested = source.indexOf('<!--', 1) > 0 && END_TAG.test(source);
  return isNested || !/--!?>$/.test(source);
}

function swallowerOf(node: DomNode, html: string): string | null {
  if (isOpenComment(node, html)) return '!--';
  if (!isElement(node) || !maySwallow(node)) return null;
  const isClosed = node.sourceCodeLocation?.endTag !== undefined;
  return isClosed && !endsLate(node) ? null : tagOf(node);
}

function reasonOf(name: string): string {
  const [tag, escaped] = name === '!--' ? ['<!--', '&lt;!--'] : [`<${name}>`, `&lt;${name}&gt;`];
  return `a ${tag} in the text is never closed; write ${escaped} where it is meant as text`;
}

/** Why a part of the page would be lost, in words for the model; null when none would. */
export function findSwallowed(html: string): string | null {
  if (!MAY_SWALLOW.test(html.replace(WHOLE_TITLE, ''))) return null;
  if (hasTooManyTemplates(html)) return reasonOf('template');
  const waiting: (DomNode | undefined)[] = [parseDocument(html, { places: true }).root().get(0)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const name = swallowerOf(node, html);
    if (name !== null) return reasonOf(name);
    // One by one: a call takes no hundred thousand arguments.
    for (const child of childrenOf(node).toReversed()) waiting.push(child);
  }
  return null;
}
