import { inlineOf } from './inline.ts';
import { allBelow, childrenOf, type MarkupElement, tagOf } from './nodes.ts';

function cellText(cell: MarkupElement): string {
  return inlineOf(childrenOf(cell))
    .trim()
    .replace(/\s*\n\s*/g, '<br>')
    .replaceAll('|', '\\|');
}

function rowOf(row: MarkupElement): string[] {
  const cells = allBelow(childrenOf(row), (one) => ['td', 'th'].includes(tagOf(one)));
  return cells.map(cellText);
}

export function tableBlock(table: MarkupElement): string {
  const rows = allBelow(childrenOf(table), (one) => tagOf(one) === 'tr').map(rowOf);
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns === 0) return '';
  const line = (cells: readonly string[]): string =>
    `| ${Array.from({ length: columns }, (_, i) => cells[i] ?? '').join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = line(Array.from({ length: columns }, () => '---'));
  return [line(head), rule, ...body.map(line)].join('\n');
}
