/**
 * Cleans every inline text of a block; block structure stays as it is. Terms and summaries stay as well,
 * as headings and titles do: they are plain text, so code such as `**kwargs**` cannot be told from signs
 * that a model left over. html_to_json has taken the signs out, while it knew the code (`plain.ts`). On a
 * page that was made elsewhere such a sign is seen and can be mended; code that lost it could not be.
 */
import type { Block, ListItem } from '../../core/page.ts';
import { escapeText } from '../../core/escape.ts';
import type { Inline } from '../html/inline.ts';
import { tableOfCells } from '../html/table-cells.ts';
import type { Change } from './change.ts';
import { withoutBullets } from './lists.ts';
import { readMarkdown, withBox } from './markdown.ts';
import { inlineOfRich, richOf } from './rich.ts';
import type { Rich } from './rich.ts';

export type Report = (change: Change) => void;

/** Until nothing is left: a paragraph that turns out to be a heading is plain text from then on. */
function cleanRich(rich: Rich, path: string, report: Report): Rich | null {
  for (let current = rich; ;) {
    const { rich: cleaned, changes } = readMarkdown(current);
    if (changes.length === 0) return current === rich ? null : current;
    for (const change of changes) report({ path, ...change });
    current = cleaned;
  }
}

function cleanInline<T extends Inline>(inline: T, path: string, report: Report): T {
  const cleaned = cleanRich(richOf(inline.html), path, report);
  return cleaned === null ? inline : { ...inline, ...inlineOfRich(cleaned) };
}

function cleanItem(item: ListItem, path: string, report: Report): ListItem {
  const rich = richOf(item.html);
  const boxed = withBox(rich);
  if (boxed !== rich) report({ path, kind: 'box', before: rich.text, after: boxed.text });
  const own = cleanInline(
    boxed === rich ? item : { ...item, ...inlineOfRich(boxed) },
    path,
    report,
  );
  return item.items === undefined
    ? own
    : { ...own, items: cleanItems(item.items, `${path}.items`, report) };
}

function cleanItems(items: readonly ListItem[], path: string, report: Report): ListItem[] {
  const bare = withoutBullets(items);
  if (bare !== null) {
    const texts = (list: readonly ListItem[]): string => list.map((item) => item.text).join('\n');
    report({ path, kind: 'marker_removed', before: texts(items), after: texts(bare) });
  }
  return (bare ?? items).map((item, index) => cleanItem(item, `${path}[${index}]`, report));
}

type Table = Extract<Block, { type: 'table' }>;

function cleanTable(table: Table, path: string, report: Report): Table {
  const rowOf = (
    row: readonly string[],
    html: readonly string[] | undefined,
    at: string,
  ): Inline[] =>
    row.map((text, index) =>
      cleanInline({ html: html?.[index] ?? escapeText(text), text }, `${at}[${index}]`, report),
    );
  const header = rowOf(table.header, table.html?.header, `${path}.header`);
  const rows = table.rows.map((row, index) =>
    rowOf(row, table.html?.rows[index], `${path}.rows[${index}]`),
  );
  return tableOfCells(header, rows);
}

/** The block with its texts cleaned; the blocks inside a details block are not its texts. */
export function cleanTexts(block: Block, path: string, report: Report): Block {
  switch (block.type) {
    case 'paragraph':
    case 'quote':
    case 'callout':
      return cleanInline(block, path, report);
    case 'list':
      return { ...block, items: cleanItems(block.items, `${path}.items`, report) };
    case 'table':
      return cleanTable(block, path, report);
    case 'definition': {
      const items = block.items.map((item, index) =>
        cleanInline(item, `${path}.items[${index}]`, report),
      );
      return { ...block, items };
    }
    case 'details':
    case 'code':
    case 'image':
      return block;
  }
}
