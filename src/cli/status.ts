import { styleText } from 'node:util';
import { Command } from 'commander';
import { PlanlineError } from '../core/errors.ts';
import type { LeadRow } from '../ports.ts';
import { withExample } from './example.ts';
import { withDatabase } from './session.ts';

const LIST_LIMIT = 1_000;
const COLUMNS = ['LEAD', 'STATUS', 'STEP', 'PROMPTS', 'RETRIES', 'LAST ERROR'] as const;

interface LeadStatus {
  readonly id: string;
  readonly status: string | null;
  readonly step: string | null;
  readonly prompts_done: number;
  readonly prompts_total: number;
  readonly run_id: string | null;
  readonly last_error: string | null;
  readonly retry_count: number;
  readonly updated_at: string | null;
}

function statusOf(lead: LeadRow): LeadStatus {
  const progress = lead.pipeline_progress;
  return {
    id: lead.id,
    status: lead.status,
    step: progress?.step ?? null,
    prompts_done: progress?.prompts_done ?? 0,
    prompts_total: progress?.prompts_total ?? 0,
    run_id: progress?.run_id ?? null,
    last_error: lead.last_error,
    retry_count: lead.retry_count,
    updated_at: lead.pipeline_updated_at,
  };
}

function cellsOf(lead: LeadStatus): string[] {
  const prompts = lead.prompts_total === 0 ? '' : `${lead.prompts_done}/${lead.prompts_total}`;
  const retries = lead.retry_count === 0 ? '' : String(lead.retry_count);
  const cells = [lead.id, lead.status ?? '', lead.step ?? '', prompts, retries, lead.last_error];
  // A status or an error of several lines stays one line, and steers no terminal.
  return cells.map((cell) => (cell ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim());
}

/** Columns as wide as their longest cell; the last one is cut at the terminal's edge. */
export function table(leads: readonly LeadStatus[], width: number): string {
  const rows = [[...COLUMNS], ...leads.map(cellsOf)];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
    .join('\n');
}

function colored(text: string): string {
  if (!process.stdout.isTTY) return text;
  const [head = '', ...rest] = text.split('\n');
  return [
    styleText('bold', head),
    ...rest.map((line) => (/ blocked /.test(line) ? styleText('red', line) : line)),
  ].join('\n');
}

export function statusCommand(): Command {
  const command = new Command('status')
    .argument('[id]', 'id of a lead')
    .option('--json', 'as JSON: an object for one lead, an array for all')
    .action((id: string | undefined, options: { json?: true }) =>
      withDatabase(async ({ database: { directory } }) => {
        const found =
          id === undefined
            ? await directory.list({ limit: LIST_LIMIT })
            : [await directory.get(id)];
        const leads = found.filter((lead) => lead !== null).map(statusOf);
        if (id !== undefined && leads.length === 0) {
          throw new PlanlineError('usage', `There is no lead ${id} in junior_leads.`);
        }
        if (options.json === true) {
          process.stdout.write(`${JSON.stringify(id === undefined ? leads : leads[0], null, 2)}\n`);
          return;
        }
        const width = process.stdout.isTTY ? process.stdout.columns : Number.MAX_SAFE_INTEGER;
        const none = 'No leads yet. Add one: planline add --description-file client.txt';
        process.stdout.write(`${leads.length === 0 ? none : colored(table(leads, width))}\n`);
      }),
    );
  return withExample(
    command,
    'planline status',
    'planline status 6f9619ff-8b86-4d01-b42d-00cf4fc964ff --json',
  );
}
