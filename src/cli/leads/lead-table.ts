/** The table of `status` and `watch`. Pure: width and colours are arguments. */
import { wrapped } from '../wrap.ts';
import { type LeadStatus, type Urgency, urgencyOf } from './lead-status.ts';

export type PaintLead = (urgency: Urgency | 'head' | 'note', text: string) => string;

const HEAD = ['LEAD', 'STATUS', 'STEP', 'PROMPTS'] as const;
/** A note with less room than this stands below its lead. */
const LEAST_NOTE_CHARS = 40;
const NOTE_LINES = 3;
const INDENT = '    ';

/** One line, whatever it looked like; nothing in it steers the terminal. */
function oneLine(text: string | null): string {
  return (text ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

function cellsOf(lead: LeadStatus): string[] {
  const prompts = lead.prompts_total === 0 ? '' : `${lead.prompts_done}/${lead.prompts_total}`;
  return [oneLine(lead.id), oneLine(lead.status), oneLine(lead.step), prompts];
}

function noteOf({ retry_count: retries, last_error: error }: LeadStatus): string {
  const tried = retries === 0 ? '' : `${retries} ${retries === 1 ? 'retry' : 'retries'}`;
  return [tried, oneLine(error)].filter((part) => part !== '').join(': ');
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(width - 1, 0))}…` : text;
}

function below(note: string, width: number): string[] {
  const lines = wrapped(note, width - INDENT.length);
  const kept = lines.slice(0, NOTE_LINES);
  if (lines.length > NOTE_LINES) kept.splice(-1, 1, `${kept.at(-1) ?? ''} …`);
  return kept.map((line) => INDENT + cut(line, width - INDENT.length));
}

/** Columns as wide as their longest cell. No line is longer than `width`. */
export function leadTable(leads: readonly LeadStatus[], width: number, paint: PaintLead): string {
  const rows = leads.map((lead) => ({ lead, cells: cellsOf(lead), note: noteOf(lead) }));
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  const noteStart = widths.reduce((sum, one) => sum + one + 2, 0);
  const isBeside = width - noteStart >= LEAST_NOTE_CHARS;

  const head = isBeside ? [...HEAD, 'NOTE'] : HEAD;
  const lines = [paint('head', cut(line(head).trimEnd(), width))];
  for (const { lead, cells, note } of rows) {
    const beside = isBeside ? cut(`${line(cells)}  ${note}`.trimEnd(), width) : null;
    lines.push(paint(urgencyOf(lead), beside ?? cut(line(cells).trimEnd(), width)));
    if (beside === null && note !== '') {
      lines.push(...below(note, width).map((one) => paint('note', one)));
    }
  }
  return lines.join('\n');
}
