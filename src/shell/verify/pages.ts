/** Pages as learners see them, and as the run that put them up recorded them. */
import type { StoredEvent } from '../../core/events.ts';
import { isPlanlineError } from '../../core/errors.ts';
import type { Page } from '../../core/page.ts';
import { sameJson } from '../../core/same-json.ts';
import { parsePage } from '../perform/pages.ts';
import { blockNumbers, PATHS } from '../perform/paths.ts';
import { NOTHING, note, problem, together, type Findings } from './findings.ts';

type PageRow = Readonly<Record<string, unknown>>;

export interface Upload {
  readonly runId: string;
  readonly blockCount: number;
}

/** The last upload of the stream; null when there was none. */
export function lastUpload(events: readonly StoredEvent[]): Upload | null {
  const upload = events.findLast(
    (event) => event.type === 'step.completed' && event.data.step === 'upload',
  );
  const start = events.findLast(
    (event) => event.type === 'run.started' && event.run_id === upload?.run_id,
  );
  if (start?.type !== 'run.started' || start.run_id === null) return null;
  return { runId: start.run_id, blockCount: start.data.block_count };
}

/** Rows that planline numbers; a project's own app may add others without a number. */
function numberedRows(rows: readonly PageRow[]): Map<number, PageRow> {
  const numbered = new Map<number, PageRow>();
  for (const row of rows) {
    if (typeof row['page_index'] === 'number') numbered.set(row['page_index'], row);
  }
  return numbered;
}

function isByHand(row: PageRow): boolean {
  return row['run_id'] === null;
}

function rowFindings(n: number, row: PageRow, runId: string, wanted: Page | null): Findings {
  if (isByHand(row)) return note(`page ${n} was put up by hand, outside a run`);
  if (row['run_id'] !== runId) {
    return problem(`page ${n} says run ${String(row['run_id'])}, ${runId} was the last to upload`);
  }
  // What was recorded cannot be read: that is told where artifacts are.
  if (wanted === null) return NOTHING;
  const differs = [
    sameJson(row['content'], wanted) ? [] : ['content'],
    row['title'] === wanted.title ? [] : ['title'],
  ].flat();
  return differs.length === 0
    ? NOTHING
    : problem(`page ${n} is not what run ${runId} recorded: ${differs.join(', ')}`);
}

/** The page as recorded, or null when its text is missing or no page. */
export function pageOf(path: string, text: string | null): Page | null {
  if (text === null) return null;
  try {
    return parsePage(path, text);
  } catch (error) {
    if (isPlanlineError(error, 'corrupt')) return null;
    throw error;
  }
}

/** `recorded` reads what the run recorded under a path; null when that cannot be had. */
export async function pageFindings(
  rows: readonly PageRow[],
  upload: Upload | null,
  recorded: (runId: string, path: string) => Promise<string | null>,
): Promise<Findings> {
  const numbered = numberedRows(rows);
  if (upload === null) {
    const fromRuns = [...numbered].filter(([, row]) => typeof row['run_id'] === 'string');
    return together(
      fromRuns.map(([n, row]) =>
        problem(`page ${n} says run ${String(row['run_id'])}, of whose upload no event tells`),
      ),
    );
  }
  const { runId, blockCount } = upload;
  const wanted = blockNumbers(blockCount);
  if (numbered.size > 0 && [...numbered.values()].every(isByHand)) {
    return note('the pages were put up by hand, outside a run');
  }
  const findings: Findings[] = [];
  for (const n of new Set([...wanted, ...numbered.keys()])) {
    const row = numbered.get(n);
    if (row === undefined) {
      findings.push(problem(`page ${n} of run ${runId} is not there`));
    } else if (n > blockCount && !isByHand(row)) {
      findings.push(problem(`page ${n} is one more than run ${runId} uploaded`));
    } else {
      const path = PATHS.page(n);
      const text = n > blockCount ? null : await recorded(runId, path);
      findings.push(rowFindings(n, row, runId, pageOf(path, text)));
    }
  }
  return together(findings);
}
