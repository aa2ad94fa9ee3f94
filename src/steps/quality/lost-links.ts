/**
 * Links that a page has no place for: a heading, a term, a summary and code hold text only, a picture
 * leads nowhere. What they show stays, so that it takes a look at the addresses to notice.
 */
import type { Page } from '../../core/page.ts';
import type { QualityWarning } from '../../core/quality.ts';
import { hasWords } from '../../core/reply/normalize.ts';
import {
  attribute,
  childrenOf,
  findElement,
  isElement,
  isHidden,
  parseDocument,
  parseFragment,
  tagOf,
  textOf,
  type DomElement,
  type DomNode,
} from '../html/dom.ts';
import { safeLink } from '../html/links.ts';
import { inlineHtmlOf } from './page-faults.ts';

const PICTURES = new Set(['img', 'svg', 'picture']);
/** Most pages have none, and to parse one takes its time. */
const MAY_HAVE_LINKS = /<a\b/i;

/** A link around nothing is not to be seen. */
function isToBeSeen(link: DomElement): boolean {
  const shows = (element: DomElement): boolean =>
    PICTURES.has(tagOf(element)) ||
    childrenOf(element).some((child) => hasWords(textOf(child) ?? ''));
  return findElement(link, shows) !== null;
}

function visibleLinks(root: DomNode | undefined): Set<string> {
  const addresses = new Set<string>();
  const waiting = root === undefined ? [] : [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isElement(node)) {
      if (isHidden(node)) continue;
      const address = tagOf(node) === 'a' ? safeLink(attribute(node, 'href')) : null;
      if (address !== null && isToBeSeen(node)) addresses.add(address);
    }
    for (const child of childrenOf(node)) waiting.push(child);
  }
  return addresses;
}

/** The addresses that a reader of the HTML can go to, unsafe ones apart. */
export function linksOfHtml(html: string): ReadonlySet<string> {
  return MAY_HAVE_LINKS.test(html) ? visibleLinks(parseDocument(html).root().get(0)) : new Set();
}

export function linksOfPage(page: Page): ReadonlySet<string> {
  // Below one element: the parser moves what is at the top of a fragment node by node.
  const html = `<div>${inlineHtmlOf(page).join(' ')}</div>`;
  return MAY_HAVE_LINKS.test(html) ? visibleLinks(parseFragment(html).root().get(0)) : new Set();
}

/** A warning when some of the addresses are no longer in the page. */
export function lostLinks(before: ReadonlySet<string>, page: Page): QualityWarning[] {
  const kept = before.size === 0 ? before : linksOfPage(page);
  const count = [...before].filter((address) => !kept.has(address)).length;
  return count === 0 ? [] : [{ code: 'link_lost', page: page.page_index, count }];
}
