/** Tables as rows of cells; a cell that spans others stands first, the covered ones are empty. */
import type { TableBlock } from '../../core/page.ts';
import { attribute, childrenOf, isElement, isHidden, tagOf } from './dom.ts';
import type { DomElement } from './dom.ts';
import { flattenChildren } from './flat.ts';
import { inlineOf } from './inline.ts';
import type { Inline, Mark } from './inline.ts';
import { tableOfCells } from './table-cells.ts';

/** Wider spans are a mistake or an attack; no page has so many columns. */
const MAX_SPAN = 40;
const EMPTY: Inline = { html: '', text: '' };

interface Row {
  readonly cells: readonly DomElement[];
  readonly inHead: boolean;
}

interface TableParts {
  readonly rows: Row[];
  /** Captions, in the order of the source, before and after the first row. */
  readonly before: DomElement[];
  readonly after: DomElement[];
}

function partsOf(table: DomElement): TableParts {
  const parts: TableParts = { rows: [], before: [], after: [] };
  const visit = (element: DomElement, inHead: boolean): void => {
    for (const child of childrenOf(element)) {
      if (!isElement(child) || isHidden(child)) continue;
      const tag = tagOf(child);
      if (tag === 'tr') {
        const cells = childrenOf(child)
          .filter(isElement)
          .filter((cell) => !isHidden(cell));
        parts.rows.push({ cells, inHead });
      } else if (tag === 'caption')
        (parts.rows.length === 0 ? parts.before : parts.after).push(child);
      else visit(child, inHead || tag === 'thead');
    }
  };
  visit(table, false);
  return parts;
}

function spanOf(cell: DomElement, name: 'colspan' | 'rowspan'): number {
  const span = Number.parseInt(attribute(cell, name) ?? '1', 10);
  return Number.isNaN(span) || span < 1 ? 1 : Math.min(span, MAX_SPAN);
}

/** Lays the cells out as a browser does, so that columns stay below each other. */
function layOut(rows: readonly Row[], marks: readonly Mark[]): Inline[][] {
  const covered = new Map<string, true>();
  return rows.map((row, y) => {
    const line: Inline[] = [];
    const fillCovered = (): void => {
      while (covered.has(`${y}:${line.length}`)) line.push(EMPTY);
    };
    for (const cell of row.cells) {
      fillCovered();
      const [width, height] = [spanOf(cell, 'colspan'), spanOf(cell, 'rowspan')];
      for (let down = 1; down < Math.min(height, rows.length - y); down += 1) {
        for (let across = 0; across < width; across += 1) {
          covered.set(`${y + down}:${line.length + across}`, true);
        }
      }
      line.push(inlineOf(flattenChildren(cell, marks)));
      for (let across = 1; across < width; across += 1) line.push(EMPTY);
    }
    fillCovered();
    return line;
  });
}

function isHeader(row: Row): boolean {
  if (row.cells.length === 0) return false;
  return row.inHead || row.cells.every((cell) => tagOf(cell) === 'th');
}

/** The table without its captions; null when no cell has text. */
export function tableOf(table: DomElement, marks: readonly Mark[]): TableBlock | null {
  const rows = partsOf(table).rows.filter((row) => row.cells.length > 0);
  const grid = layOut(rows, marks);
  if (!grid.flat().some((cell) => cell.text !== '')) return null;
  const first = rows[0];
  const hasHeader = first !== undefined && isHeader(first);
  const [header, body] = hasHeader ? [grid[0] ?? [], grid.slice(1)] : [[], grid];
  return tableOfCells(header, body);
}

export function captionsOf(table: DomElement): { before: DomElement[]; after: DomElement[] } {
  const { before, after } = partsOf(table);
  return { before, after };
}
