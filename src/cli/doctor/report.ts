/** Findings as a person reads them. */
import type { Finding } from '../../ports.ts';
import { wrapped } from '../wrap.ts';

export type Paint = (level: Finding['level'], text: string) => string;

const MARKS = { ok: '✔', warning: '!', error: '✘' } as const;
const NAME_CHARS = 20;
const INDENT = 2 + NAME_CHARS + 1;

/** Wrapped at `width`: an action is something to be copied, so nothing of it is cut off. */
export function findingText(finding: Finding, width: number, paint: Paint): string {
  const { name, level, detail, action } = finding;
  const room = width - INDENT;
  const lines = wrapped(detail, room);
  const todo = action === null ? [] : wrapped(`→ ${action}`, room);
  const [first = '', ...rest] = [...lines, ...todo];
  const head = `${paint(level, MARKS[level])} ${name.padEnd(NAME_CHARS)} ${first}`;
  return [head, ...rest.map((line) => ' '.repeat(INDENT) + line)].join('\n');
}

export function verdictOf(findings: readonly Finding[]): string {
  const count = (level: Finding['level']): number =>
    findings.filter((finding) => finding.level === level).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (errors > 0)
    return `${errors} to mend before planline can work: ✘ above, the first one first.`;
  if (warnings > 0) return `planline can work. ${warnings} to look at: ! above.`;
  return 'All is well.';
}
