/** Lists as data: items with inline text and nested items, in the order of the source. */
import type { ListItem } from '../../core/page.ts';
import { attribute, childrenOf, isElement, isHidden, standsApart, tagOf, textOf } from './dom.ts';
import type { DomElement, DomNode } from './dom.ts';
import { flatten, isBlock, isList, isPreformatted } from './flat.ts';
import { inlineOf, marksWithin } from './inline.ts';
import type { Mark, Run } from './inline.ts';
import { leafRuns } from './leaf.ts';

/** One item under way: text first, nested items after it; text that follows those is one of them. */
class ItemBuilder {
  runs: Run[] = [];
  head: { html: string; text: string } | null = null;
  readonly items: ListItem[] = [];
  ordered: boolean | null = null;

  endText(): void {
    const inline = inlineOf(this.runs);
    this.runs = [];
    if (inline.text === '') return;
    if (this.head === null && this.items.length === 0) this.head = inline;
    else this.items.push(inline);
  }

  addList(list: DomElement, marks: readonly Mark[]): void {
    this.endText();
    const items = listItems(list, marks);
    if (items.length > 0) this.ordered ??= tagOf(list) === 'ol';
    this.items.push(...items);
  }

  build(): ListItem | null {
    this.endText();
    if (this.items.length === 0) return this.head;
    const { html, text } = this.head ?? { html: '', text: '' };
    return { html, text, ...(this.ordered === true ? { ordered: true } : {}), items: this.items };
  }
}

/** Collects an item's content; nested lists are found in any element that lays out blocks. */
function collect(node: DomNode, marks: readonly Mark[], item: ItemBuilder): void {
  if (!isElement(node) || !reachesInside(node)) {
    item.runs.push(...flatten(node, marks));
    return;
  }
  if (isHidden(node)) return;
  if (isList(tagOf(node))) {
    item.addList(node, marks);
    return;
  }
  const inner = marksWithin(node, marks);
  const lines = ['div', 'li'].includes(tagOf(node)) ? 1 : 2;
  const edge: Run[] = isBlock(tagOf(node)) ? [{ kind: 'edge', lines }] : [];
  item.runs.push(...edge);
  for (const child of childrenOf(node)) collect(child, inner, item);
  item.runs.push(...edge);
}

/** Tables, preformatted text, headings and leaves are taken as a whole. */
function reachesInside(element: DomElement): boolean {
  const tag = tagOf(element);
  if (isPreformatted(tag) || /^(?:h[1-6]|table|dl|details)$/.test(tag)) return false;
  if (standsApart(element)) return false;
  return leafRuns(element, []) === null;
}

/** `content` is what stands in an `<li>`, or a block that stands in a list without one. */
function itemOf(content: readonly DomNode[], marks: readonly Mark[]): ListItem | null {
  const item = new ItemBuilder();
  for (const node of content) collect(node, marks, item);
  return item.build();
}

/** A list directly inside a list belongs to the item before it. */
function attach(items: ListItem[], nested: readonly ListItem[], ordered: boolean): void {
  if (nested.length === 0) return;
  const last = items.pop() ?? { html: '', text: '' };
  const isNumbered = last.items === undefined ? ordered : last.ordered === true;
  items.push({
    html: last.html,
    text: last.text,
    ...(isNumbered ? { ordered: true } : {}),
    items: [...(last.items ?? []), ...nested],
  });
}

export function listItems(list: DomElement, marks: readonly Mark[]): ListItem[] {
  const items: ListItem[] = [];
  const inner = marksWithin(list, marks);
  let stray: Run[] = [];
  const endStray = (): void => {
    const inline = inlineOf(stray);
    stray = [];
    if (inline.text !== '') items.push(inline);
  };
  for (const child of childrenOf(list)) {
    if (isElement(child) && isHidden(child)) continue;
    if (isElement(child) && isList(tagOf(child))) {
      endStray();
      attach(items, listItems(child, inner), tagOf(child) === 'ol');
    } else if (isElement(child) && (tagOf(child) === 'li' || isBlock(tagOf(child)))) {
      endStray();
      const item = itemOf(tagOf(child) === 'li' ? childrenOf(child) : [child], inner);
      if (item !== null) items.push(item);
    } else if (isElement(child) || textOf(child) !== null) {
      stray.push(...flatten(child, inner));
    }
  }
  endStray();
  return items;
}

/** The number of the first item of an ordered list where it is not 1. */
export function startOf(list: DomElement): number | null {
  const start = attribute(list, 'start')?.trim() ?? '';
  return tagOf(list) === 'ol' && /^\d{1,6}$/.test(start) && Number(start) !== 1
    ? Number(start)
    : null;
}
