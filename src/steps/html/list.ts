/**
 * Lists as data: items with inline text and nested items, in the order of the source. An item has no
 * place for code, tables, details and pictures, nor for text after a nested list: there the list ends,
 * what stands in the item follows as blocks, and a list that goes on with the next number follows that.
 */
import type { Block, ListItem } from '../../core/page.ts';
import { attribute, childrenOf, isElement, isHidden, tagOf, textOf } from './dom.ts';
import type { DomElement, DomNode } from './dom.ts';
import { flatten, isBlock, isList } from './flat.ts';
import { inlineOf, marksWithin } from './inline.ts';
import type { Mark, Run } from './inline.ts';
import {
  holdsList,
  holdsOwnBlock,
  isOnlyPicture,
  isOwnBlock,
  isSeen,
  reachesInside,
} from './own-block.ts';

/** Reads nodes as blocks; what follows the text of an item. */
export interface BlockReader {
  visit(node: DomNode, marks: readonly Mark[]): void;
  /** Ends the paragraph under way. */
  flush(): void;
  readonly blocks: readonly Block[];
}

/** Null within an item of another list: a block that followed it would follow all of that list. */
type NewReader = (() => BlockReader) | null;

/** What became of a member of a list: its item, and the blocks that follow it. */
interface Entry {
  readonly item: ListItem | null;
  readonly reader: BlockReader | null;
  /** Did the source number it? Blocks that stand in a list outside of its items have no number. */
  readonly isNumbered: boolean;
  /** The number that the source gives it. */
  readonly value: number | null;
}

const NUMBER = /^\d{1,6}$/;

/** One item under way: text first, nested items after it, then blocks where there may be some. */
class ItemBuilder {
  runs: Run[] = [];
  head: { html: string; text: string } | null = null;
  readonly items: ListItem[] = [];
  ordered: boolean | null = null;
  reader: BlockReader | null = null;
  readonly #newReader: NewReader;

  constructor(newReader: NewReader) {
    this.#newReader = newReader;
  }

  /** Without blocks, text that follows nested items is one of them. */
  endText(): void {
    const inline = inlineOf(this.runs);
    this.runs = [];
    if (inline.text === '') return;
    if (this.head === null && this.items.length === 0) this.head = inline;
    else this.items.push(inline);
  }

  addList(list: DomElement, marks: readonly Mark[]): void {
    this.endText();
    const items = nestedItems(list, marks);
    if (items.length > 0) this.ordered ??= tagOf(list) === 'ol';
    this.items.push(...items);
  }

  /** What reads a node that the item has no place for, and all that follows it; null before that. */
  readerFor(node: DomNode, marks: readonly Mark[]): BlockReader | null {
    if (this.reader !== null || this.#newReader === null) return this.reader;
    if (!this.#endsAt(node, marks)) return null;
    this.endText();
    this.reader = this.#newReader();
    return this.reader;
  }

  #endsAt(node: DomNode, marks: readonly Mark[]): boolean {
    const hasItems = this.items.length > 0;
    if (!isElement(node)) return hasItems && isSeen(node);
    if (isHidden(node)) return false;
    if (isList(tagOf(node))) return holdsOwnBlock(node);
    if (isOwnBlock(node) || (hasItems && !holdsList(node) && isSeen(node))) return true;
    // Before the text of an item a picture would take the text's place, and its number away.
    const isLinked = marks.some((mark) => mark.tag === 'a');
    return !isLinked && isOnlyPicture(node) && inlineOf(this.runs).text !== '';
  }

  build(): ListItem | null {
    this.endText();
    this.reader?.flush();
    if (this.items.length === 0) return this.head;
    const { html, text } = this.head ?? { html: '', text: '' };
    return { html, text, ...(this.ordered === true ? { ordered: true } : {}), items: this.items };
  }
}

/** Collects an item's content; nested lists are found in any element that lays out blocks. */
function collect(node: DomNode, marks: readonly Mark[], item: ItemBuilder): void {
  const reader = item.readerFor(node, marks);
  if (reader !== null) {
    reader.visit(node, marks);
    return;
  }
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
  const edge: Run[] = isBlock(node) ? [{ kind: 'edge', lines }] : [];
  item.runs.push(...edge);
  for (const child of childrenOf(node)) collect(child, inner, item);
  item.runs.push(...edge);
  if (edge.length > 0) item.reader?.flush();
}

function valueOf(element: DomElement, name: 'start' | 'value'): number | null {
  const value = attribute(element, name)?.trim() ?? '';
  return NUMBER.test(value) ? Number(value) : null;
}

/** Of an `<li>`, or of a block that stands in a list without one. */
function entryOf(member: DomElement, marks: readonly Mark[], newReader: NewReader): Entry {
  const isItem = tagOf(member) === 'li';
  const builder = new ItemBuilder(newReader);
  for (const node of isItem ? childrenOf(member) : [member]) collect(node, marks, builder);
  const item = builder.build();
  const reader = builder.reader?.blocks.length === 0 ? null : builder.reader;
  const isNumbered = item !== null || (isItem && reader !== null);
  return { item, reader, isNumbered, value: isItem ? valueOf(member, 'value') : null };
}

function entryOfItem(item: ListItem): Entry {
  return { item, reader: null, isNumbered: true, value: null };
}

/** The item before a list that stands directly in a list, with that list below it. */
function withNested(
  before: ListItem | null,
  list: DomElement,
  nested: readonly ListItem[],
): ListItem {
  const last = before ?? { html: '', text: '' };
  const isOrdered = tagOf(list) === 'ol';
  const isNumbered = last.items === undefined ? isOrdered : last.ordered === true;
  return {
    html: last.html,
    text: last.text,
    ...(isNumbered ? { ordered: true } : {}),
    items: [...(last.items ?? []), ...nested],
  };
}

/** A list directly inside a list belongs to the item before it, and to the blocks that follow it. */
function attach(
  entries: Entry[],
  list: DomElement,
  marks: readonly Mark[],
  newReader: NewReader,
): void {
  const last = entries.at(-1);
  const own = newReader !== null && holdsOwnBlock(list) ? newReader() : null;
  const reader = last?.reader ?? own;
  if (reader !== null) {
    reader.visit(list, marks);
    if (last === undefined) {
      entries.push({ item: null, reader, isNumbered: false, value: null });
    } else entries[entries.length - 1] = { ...last, reader };
    return;
  }
  const nested = nestedItems(list, marks);
  if (nested.length === 0) return;
  entries.pop();
  const item = withNested(last?.item ?? null, list, nested);
  entries.push(last === undefined ? entryOfItem(item) : { ...last, item });
}

function entriesOf(list: DomElement, marks: readonly Mark[], newReader: NewReader): Entry[] {
  const entries: Entry[] = [];
  const inner = marksWithin(list, marks);
  let stray: Run[] = [];
  const endStray = (): void => {
    const inline = inlineOf(stray);
    stray = [];
    if (inline.text !== '') entries.push(entryOfItem(inline));
  };
  for (const child of childrenOf(list)) {
    if (isElement(child) && isHidden(child)) continue;
    if (isElement(child) && isList(tagOf(child))) {
      endStray();
      attach(entries, child, inner, newReader);
    } else if (isElement(child) && (tagOf(child) === 'li' || isBlock(child))) {
      endStray();
      const entry = entryOf(child, inner, newReader);
      if (entry.item !== null || entry.reader !== null) entries.push(entry);
    } else if (isElement(child) || textOf(child) !== null) {
      stray.push(...flatten(child, inner));
    }
  }
  endStray();
  return entries;
}

/** The items of a list that stands within an item; blocks in them are lines of text. */
function nestedItems(list: DomElement, marks: readonly Mark[]): ListItem[] {
  return entriesOf(list, marks, null).flatMap(({ item }) => (item === null ? [] : [item]));
}

/** Lists as they grow; one ends where blocks follow an item, or where the numbers leap. */
class ListBlocks {
  readonly blocks: Block[] = [];
  readonly #ordered: boolean;
  /** Of the next item, and of the first one of the list under way. */
  #number: number;
  #first: number;
  #items: ListItem[] = [];

  constructor(list: DomElement) {
    this.#ordered = tagOf(list) === 'ol';
    this.#number = valueOf(list, 'start') ?? 1;
    this.#first = this.#number;
  }

  add({ item, reader, isNumbered, value }: Entry): void {
    if (this.#ordered && value !== null && value !== this.#number) {
      this.end();
      this.#number = value;
    }
    if (item !== null) {
      if (this.#items.length === 0) this.#first = this.#number;
      this.#items.push(item);
    }
    if (isNumbered) this.#number += 1;
    if (reader === null) return;
    this.end();
    this.blocks.push(...reader.blocks);
  }

  end(): void {
    const [items, first] = [this.#items, this.#first];
    if (items.length === 0) return;
    this.#items = [];
    // Only numbers that are read again as such: a list that was split may count beyond them.
    const isStart = this.#ordered && first !== 1 && NUMBER.test(String(first));
    const start = isStart ? { start: first } : {};
    this.blocks.push({ type: 'list', ordered: this.#ordered, ...start, items });
  }
}

/** A list of the page as blocks: one list, or several with what stands between them. */
export function listBlocks(
  list: DomElement,
  marks: readonly Mark[],
  newReader: () => BlockReader,
): Block[] {
  const lists = new ListBlocks(list);
  for (const entry of entriesOf(list, marks, newReader)) lists.add(entry);
  lists.end();
  return lists.blocks;
}
