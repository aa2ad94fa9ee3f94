/** bench/RESULTS.md out of the sections that were measured. Pure. */
import { figure, goalIsMet, middleOf, ratioTo } from './figures.ts';
import type { Measured, Row, Section } from './section.ts';
import type { StoredSection } from './stored.ts';

/** A pipe would end the cell, a line break the row. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function nameOf({ subject: { name, version } }: Measured): string {
  return version === null ? name : `${name} ${version}`;
}

function goalText(row: Row, other: Measured): string {
  if (row.goal?.against !== other.subject.name) return '';
  return `${row.better === 'lower' ? 'at most' : 'at least'} ${figure(row.goal.ratio)}×`;
}

function verdict(row: Row, other: Measured): string {
  const isMet = goalIsMet(row, other);
  if (isMet === null) return '';
  return isMet ? 'met' : '**not met**';
}

function ratios(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) =>
    row.others.map((other) => [
      row.question,
      row.ours.subject.name,
      other.subject.name,
      `${figure(ratioTo(row, other))}×`,
      row.better,
      goalText(row, other),
      verdict(row, other),
    ]),
  );
  if (lines.length === 0) return '';
  const head = ['what', 'ours', 'theirs', 'ours ÷ theirs', 'better', 'goal', 'goal is'];
  return table(head, lines);
}

/** The same figure stands in several rows when several goals are held against it: told once. */
function absolutes(rows: readonly Row[]): string {
  const lines = new Map<string, readonly string[]>();
  for (const { question, ours, others } of rows) {
    for (const one of [ours, ...others]) {
      const key = `${question}\n${nameOf(one)}`;
      const range = `${figure(Math.min(...one.rounds))} to ${figure(Math.max(...one.rounds))}`;
      const value = `${figure(middleOf(one))} ${one.unit}`;
      lines.set(key, [question, nameOf(one), value, range, String(one.rounds.length)]);
    }
  }
  return table(['what', 'who', 'median', 'range of rounds', 'rounds'], [...lines.values()]);
}

function notes(rows: readonly Row[]): string {
  const told = new Map<string, string[]>();
  for (const { question, note } of rows) {
    if (note === null) continue;
    const questions = told.get(note) ?? [];
    if (!questions.includes(question)) told.set(note, [...questions, question]);
  }
  return [...told].map(([note, questions]) => `- **${questions.join('; ')}**: ${note}`).join('\n');
}

function pictures({ plots }: Section): string {
  return plots.map(({ name, title }) => `![${title}](plots/${name}.svg)`).join('\n\n');
}

function whereAndWhen(stored: StoredSection): string {
  const { measured_at, seconds, machine, versions, load_average: load } = stored;
  return (
    `Measured on ${measured_at.slice(0, 10)} in ${figure(seconds)} s, ${stored.rounds} rounds. ${machine}; ` +
    `${versions}. Load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after.`
  );
}

function sectionText(stored: StoredSection): string {
  const { section } = stored;
  return [
    `## ${section.title}`,
    section.method.map((sentence) => `- ${sentence}`).join('\n'),
    whereAndWhen(stored),
    ratios(section.rows),
    pictures(section),
    absolutes(section.rows),
    notes(section.rows),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Longer than any run of backticks in the text, so that nothing in it ends the block. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}

function appendix(sections: readonly Section[]): string {
  const parts = sections.flatMap(({ title, appendix: all }) =>
    all.map(({ heading, text }) => `### ${title}: ${heading}\n\n${fenced(text)}`),
  );
  return parts.length === 0 ? '' : `## Appendix\n\n${parts.join('\n\n')}`;
}

/** How many goals there are, and which of them are missed, before anything else. */
function summary(sections: readonly Section[]): string {
  const goals = sections.flatMap(({ title, rows }) =>
    rows.flatMap((row) =>
      row.others.flatMap((other) => {
        const isMet = goalIsMet(row, other);
        return isMet === null ? [] : [{ title, row, other, isMet }];
      }),
    ),
  );
  if (goals.length === 0) return '';
  const missed = goals.filter(({ isMet }) => !isMet);
  const lines = missed.map(
    ({ title, row, other }) =>
      `- ${title}, ${row.question}: ${figure(ratioTo(row, other))}× ${other.subject.name}, goal ${goalText(row, other)}`,
  );
  return [`${goals.length - missed.length} of ${goals.length} goals are met.`, ...lines].join('\n');
}

const HEAD = `# planline beside what a user would pick instead

Written by \`npm run bench\`. Each figure is the median of alternating rounds on one machine; a ratio is
ours by theirs. What is better, lower or higher, is said with each ratio. Nothing here fails a build.`;

export function resultsMarkdown(stored: readonly StoredSection[]): string {
  const sections = stored.map(({ section }) => section);
  const parts = [HEAD, summary(sections), ...stored.map(sectionText), appendix(sections)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
