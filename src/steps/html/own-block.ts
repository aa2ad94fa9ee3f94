/** Blocks that an item of a list has no place for: they are sought in all that lays out an item. */
import { childrenOf, findElement, isElement, isHidden, standsApart, tagOf, textOf } from './dom.ts';
import type { DomElement, DomNode } from './dom.ts';
import { flatten, isList, isPreformatted } from './flat.ts';
import { inlineOf } from './inline.ts';
import { imageOf, leafRuns } from './leaf.ts';

/** Tables, preformatted text, headings and leaves are taken as a whole. */
export function reachesInside(element: DomElement): boolean {
  const tag = tagOf(element);
  if (isPreformatted(tag) || /^(?:h[1-6]|table|dl|details)$/.test(tag)) return false;
  if (standsApart(element)) return false;
  return leafRuns(element, []) === null;
}

function isPicture(element: DomElement): boolean {
  return tagOf(element) === 'img' && !isHidden(element) && imageOf(element).kind === 'image';
}

export function isSeen(node: DomNode): boolean {
  if (!isElement(node)) return inlineOf(flatten(node, [])).text !== '';
  if (isHidden(node)) return false;
  const leaf = isPicture(node) ? null : leafRuns(node, []);
  if (leaf !== null) return inlineOf(leaf).text !== '';
  return isPicture(node) || childrenOf(node).some(isSeen);
}

/** Does an element lose what it is for when it becomes lines of an item? */
export function isOwnBlock(element: DomElement): boolean {
  const tag = tagOf(element);
  return (isPreformatted(tag) || tag === 'details' || tag === 'table') && isSeen(element);
}

export function holdsOwnBlock(node: DomNode): boolean {
  if (!isElement(node) || isHidden(node)) return false;
  return isOwnBlock(node) || (reachesInside(node) && childrenOf(node).some(holdsOwnBlock));
}

function hasText(node: DomNode): boolean {
  if (!isElement(node)) return (textOf(node) ?? '').trim() !== '';
  return !isHidden(node) && childrenOf(node).some(hasText);
}

/**
 * A figure, or a paragraph of nothing but a picture. A picture within a line of text is a link there, and
 * so is one that leads somewhere, as a picture of the page leads nowhere.
 */
export function isOnlyPicture(element: DomElement): boolean {
  const tag = tagOf(element);
  const isFigure = tag === 'figure';
  if (!isFigure && ((tag !== 'p' && tag !== 'div') || hasText(element))) return false;
  const isLink = (inner: DomElement): boolean => tagOf(inner) === 'a';
  return findElement(element, isPicture) !== null && findElement(element, isLink) === null;
}

export function holdsList(element: DomElement): boolean {
  const isInner = (inner: DomElement): boolean => isList(tagOf(inner));
  return reachesInside(element) && findElement(element, isInner) !== null;
}
