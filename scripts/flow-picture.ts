/** Draws docs/flow.svg: the statuses of a lead and the steps inside each, from core/lifecycle.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATUS_OF_STEP, STEPS } from '../src/core/lifecycle.ts';

const COLUMN = 150;
const GAP = 18;
const LEFT = 16;
const TOP = 58;
const ROW = 26;

const statuses = ['flagged', 'processing', 'plan_ready', 'html_ready', 'uploaded', 'archived'];
const labels: Readonly<Record<string, readonly string[]>> = {
  flagged: ['you set this'],
  archived: ['15 learning pages,', 'a checked zip,', 'a message to you'],
};

const notes = (status: string): readonly string[] =>
  labels[status] ?? STEPS.filter((step) => STATUS_OF_STEP[step] === status);

const width = LEFT * 2 + statuses.length * COLUMN + (statuses.length - 1) * GAP;
const height = 252;

function box(status: string, index: number): string {
  const x = LEFT + index * (COLUMN + GAP);
  const lines = notes(status)
    .map(
      (text, row) =>
        `<text class="step" x="${x + COLUMN / 2}" y="${TOP + 62 + row * ROW}">${text}</text>`,
    )
    .join('');
  const arrow =
    index === 0
      ? ''
      : `<path class="arrow" d="M${x - GAP + 2} ${TOP + 22} h${GAP - 8}" marker-end="url(#tip)"/>`;
  return `${arrow}<rect class="card" x="${x}" y="${TOP}" width="${COLUMN}" height="152" rx="10"/><rect class="chip ${status}" x="${x}" y="${TOP}" width="${COLUMN}" height="44" rx="10"/><text class="status" x="${x + COLUMN / 2}" y="${TOP + 28}">${status}</text>${lines}`;
}

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">A flagged lead passes processing, plan_ready, html_ready and uploaded, and ends archived; every transition is an event.</title>
<style>
text{font-family:ui-sans-serif,system-ui,sans-serif;text-anchor:middle;fill:#1f2937}
.bg{fill:#ffffff}
.card{fill:#f8fafc;stroke:#cbd5e1}
.chip{fill:#334155}.chip.flagged{fill:#b45309}.chip.archived{fill:#15803d}
.status{fill:#ffffff;font-weight:600;font-size:15px}
.step{font-size:14px}
.head{font-size:15px;text-anchor:start}
.foot{font-size:13px;fill:#475569;text-anchor:start}
.arrow{stroke:#64748b;stroke-width:2;fill:none}
</style>
<defs><marker id="tip" markerWidth="7" markerHeight="7" refX="5" refY="3.5" orient="auto"><path d="M0 0 L7 3.5 L0 7 z" fill="#64748b"/></marker></defs>
<rect class="bg" width="${width}" height="${height}" rx="12"/>
<text class="head" x="${LEFT}" y="34">junior_leads.status, and the steps planline performs in each</text>
${statuses.map(box).join('\n')}
<text class="foot" x="${LEFT}" y="${height - 14}">Each step: files on disk first, then one transaction with event, row and artifacts, then events.jsonl. What fails for good is blocked, with last_error.</text>
</svg>
`;
writeFileSync(join(import.meta.dirname, '..', 'docs', 'flow.svg'), svg);
