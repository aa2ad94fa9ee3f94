/** The table of the crash matrix, as markdown and as JSON. */
import { CRASH_PHASES, CRASH_POINTS } from '../../../src/core/crash-points.ts';
import type { CellResult, Recovery } from './matrix.ts';
import { SCENARIOS } from './cells.ts';

export interface MatrixReport {
  readonly results: readonly CellResult[];
  readonly seconds: number;
  /** Of this machine: what it ran on. */
  readonly facts: Readonly<Record<string, string>>;
}

const isGreen = ({ problems }: CellResult): boolean => problems.length === 0;

function entry(results: readonly CellResult[]): string {
  if (results.length === 0) return '';
  const red = results.filter((result) => !isGreen(result)).length;
  return red === 0 ? `✔ ${results.length}` : `✘ ${red} of ${results.length}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map((cells) => row(cells))].join('\n');
}

/** Boundaries down, phases across; each entry counts the kills at that boundary in that phase. */
function grid(results: readonly CellResult[], recovery: Recovery): string {
  const mine = results.filter((result) => result.recovery === recovery);
  const phases = CRASH_PHASES.filter((phase) => mine.some(({ cell }) => cell.phase === phase));
  const rows = Object.keys(CRASH_POINTS).map((point) => {
    const entries = phases.map((phase) =>
      entry(mine.filter(({ cell }) => cell.point === point && cell.phase === phase)),
    );
    return [`\`${point}\``].concat(entries);
  });
  return table(['killed at', ...phases], rows);
}

function scenarios(results: readonly CellResult[]): string {
  const rows = Object.values(SCENARIOS).map(({ name, told }) => {
    const mine = results.filter(({ cell }) => cell.scenario.name === name);
    return [name, told, entry(mine)];
  });
  return table(['scenario', 'what befalls the lead', 'kills'], rows);
}

function points(): string {
  const rows = Object.entries(CRASH_POINTS).map(([name, text]) => [`\`${name}\``, text]);
  return table(['boundary', 'what is durable when the process dies'], rows);
}

function askedAgain(results: readonly CellResult[]): string {
  const again = results.filter((result) => result.askedAgain > 0);
  const order = Object.keys(CRASH_POINTS);
  const byPoint = [...Map.groupBy(again, ({ cell }) => cell.point)].toSorted(
    ([a], [b]) => order.indexOf(a) - order.indexOf(b),
  );
  const rows = byPoint.map(([point, all]) => [
    `\`${point}\``,
    String(all.length),
    String(all.reduce((sum, one) => sum + one.askedAgain, 0)),
  ]);
  return table(['killed at', 'kills', 'prompts answered twice'], rows);
}

function failures(results: readonly CellResult[]): string {
  const red = results.filter((result) => !isGreen(result));
  if (red.length === 0) return 'None.';
  return red
    .map(({ cell, recovery, problems }) => {
      const where = `${cell.scenario.name} ${cell.point}:${cell.phase}:${cell.nth} (${recovery})`;
      return `- ${where}: ${problems.join('; ').replaceAll(/\s+/g, ' ').slice(0, 400)}`;
    })
    .join('\n');
}

export function markdown({ results, seconds, facts }: MatrixReport): string {
  const green = results.filter(isGreen).length;
  const ran = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return `# The crash matrix

Written by \`npm run test:chaos\`; never edited. ${results.length} kills, ${green} green, in
${Math.round(seconds)} s on ${ran.join(', ')}. Each kill as a line of its own is in \`chaos.json\`.

In each cell a real daemon (of a bundle of its sources, which starts sooner) on a real PostgreSQL
behind PostgREST is ended by SIGKILL at exactly that instant. Kills in different phases share a lead: who
recovers it from one is killed at the next; what each leaves of \`events.jsonl\` is looked at, all else at the
end, and a fault then counts for each of its kills. A lead of its own has each kill after the first append
of a step, at the start, at the end (notify, rest, tell), and where it was killed before.

\`✔ 4\` means: that boundary is passed four times in that phase, the process was killed at each of the
four, and each time everything held: versions without a gap, one recorded result for each effect, no prompt asked again whose answer was
recorded as sent (the chat server's log is the witness), all pages there and put up once, the streams of
database and \`events.jsonl\` fold to the same state as the row, no file left behind, the operator told.

## The same machine starts again

${grid(results, 'same')}

## Another machine, with an empty disk, takes over

${grid(results, 'other')}

## What befell the leads

${scenarios(results)}

## Prompts that were answered twice

The provider had taken the prompt, and the process died before it could note the id that it was given;
or the API keeps no answers at all (Chat Completions, scenario \`blind\`). It cannot be asked what it
received, so the prompt is asked again. One of the two answers is recorded, and only one.

${askedAgain(results)}

## The boundaries

${points()}

## What failed

${failures(results)}
`;
}

export function json({ results, seconds, facts }: MatrixReport): string {
  const cells = results.map(({ cell, recovery, problems, askedAgain: again }) => ({
    scenario: cell.scenario.name,
    point: cell.point,
    phase: cell.phase,
    nth: cell.nth,
    recovery,
    ok: problems.length === 0,
    problems,
    asked_again: again,
  }));
  return `${JSON.stringify({ seconds: Math.round(seconds), facts, cells }, null, 1)}\n`;
}
