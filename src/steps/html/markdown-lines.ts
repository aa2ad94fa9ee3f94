/**
 * A model that leaves Markdown in its HTML leaves lists, tables and code as lines of the source, which
 * HTML reads as spaces. Where lines are certainly of that kind their ends are kept as line breaks, so
 * that cleaning can still tell them apart.
 */
import type { Run } from './inline.ts';

const BULLET = /^[-*+•]\s+\S/;
const NUMBER = /^(\d{1,3})[.)]\s+\S/;
const FENCE = /^(?:`{3,}|~{3,})[\p{L}\p{N}+#._-]*$/u;
const ROW = /^\|.*\|$/;
const SEPARATOR = /^\|(?:\s*:?-{2,}:?\s*\|)+$/;

function isSequence(lines: readonly string[]): boolean {
  const numbers = lines.map((line) => Number(NUMBER.exec(line)?.[1] ?? Number.NaN));
  return numbers.some((number, index) => index > 0 && number === (numbers[index - 1] ?? 0) + 1);
}

function hasMarkdownLines(text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim());
  const bulleted = (line: string | undefined): boolean => line !== undefined && BULLET.test(line);
  return (
    lines.some((line, index) => bulleted(line) && bulleted(lines[index + 1])) ||
    isSequence(lines) ||
    lines.filter((line) => FENCE.test(line)).length >= 2 ||
    (lines.some((line) => SEPARATOR.test(line)) &&
      lines.filter((line) => ROW.test(line)).length >= 2)
  );
}

/** The same runs, with line breaks where the source has lines of Markdown. */
export function withMarkdownLines(runs: readonly Run[]): readonly Run[] {
  const text = runs.map((run) => (run.kind === 'text' ? run.text : '\n')).join('');
  if (!text.trim().includes('\n') || !hasMarkdownLines(text)) return runs;
  return runs.flatMap((run): Run[] => {
    if (run.kind !== 'text') return [run];
    return run.text.split('\n').flatMap((line, index): Run[] => {
      const kept: Run = { kind: 'text', text: line, marks: run.marks };
      return index === 0 ? [kept] : [{ kind: 'break', marks: run.marks }, kept];
    });
  });
}
