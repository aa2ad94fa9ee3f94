/** The one place that knows how a table holds its cells: as text, and as HTML where a cell has marks. */
import { escapeText } from '../../core/escape.ts';
import type { TableBlock } from '../../core/page.ts';
import type { Inline } from './inline.ts';

const hasMarkup = (cell: Inline): boolean => cell.html !== escapeText(cell.text);

export function tableOfCells(
  header: readonly Inline[],
  rows: readonly (readonly Inline[])[],
): TableBlock {
  const block: TableBlock = {
    type: 'table',
    header: header.map((cell) => cell.text),
    rows: rows.map((row) => row.map((cell) => cell.text)),
  };
  if (![header, ...rows].flat().some(hasMarkup)) return block;
  const html = {
    header: header.map((cell) => cell.html),
    rows: rows.map((row) => row.map((cell) => cell.html)),
  };
  return { ...block, html };
}
