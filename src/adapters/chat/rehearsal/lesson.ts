/** A block of the plan → a lesson, in markdown. */
import { LANGUAGES, PHRASES, type Phrases } from './phrases/index.ts';
import { fill, type Person } from './plan.ts';

/** A block's text, taken apart as far as it follows a form that is known. */
export interface ParsedBlock {
  readonly title: string | null;
  readonly aim: string | null;
  readonly exercise: string | null;
  readonly evidence: string | null;
  readonly steps: readonly string[];
  /** All other lines, as they came. */
  readonly others: readonly string[];
}

type Label = 'aim' | 'exercise' | 'evidence' | 'steps';
const LABELS: readonly Label[] = ['aim', 'exercise', 'evidence', 'steps'];

const NOTICES: ReadonlySet<string> = new Set(LANGUAGES.map((language) => PHRASES[language].notice));
const BULLET = /^(?:[-*•]|\d{1,2}[.)])\s+/u;

function plain(line: string): string {
  return line
    .replace(/^#+\s*/, '')
    .replaceAll('**', '')
    .trim();
}

function labelled(line: string): { label: Label; text: string } | null {
  const [, name, text] = /^([^:]{2,30}):\s*(.*)$/u.exec(line) ?? [];
  if (name === undefined || text === undefined) return null;
  const lower = name.toLowerCase();
  const label = LABELS.find((candidate) =>
    LANGUAGES.some((language) => PHRASES[language].labels[candidate].toLowerCase() === lower),
  );
  return label === undefined ? null : { label, text };
}

export function parseBlock(text: string): ParsedBlock {
  const lines = text
    .split(/\r?\n/)
    .map(plain)
    .filter((line) => line !== '' && !NOTICES.has(line));
  const found = new Map<Label, string>();
  const steps: string[] = [];
  const others: string[] = [];
  for (const line of lines.slice(1)) {
    const label = labelled(line);
    if (BULLET.test(line)) steps.push(line.replace(BULLET, ''));
    else if (label === null || found.has(label.label)) others.push(line);
    else found.set(label.label, label.text);
  }
  const value = (label: Label) => found.get(label) || null;
  return {
    title: lines[0]?.replace(/^blo[kc]k?\s*\d+\s*[:.–-]\s*/iu, '') ?? null,
    aim: value('aim'),
    exercise: value('exercise'),
    evidence: value('evidence'),
    steps,
    others,
  };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('phrases may not be empty');
  return item;
}

/** Shares of the week's time, one a day. */
const SHARES = [0.15, 0.25, 0.25, 0.2, 0.15];

function weekTable(person: Person, { labels, days, dayWork }: Phrases): string {
  const rows = days.map((day, i) => {
    const minutes = Math.max(10, 5 * Math.round((person.weeklyHours * 60 * at(SHARES, i)) / 5));
    return `| ${day} | ${at(dayWork, i)} | ${minutes} |`;
  });
  const head = `| ${labels.day} | ${labels.work} | ${labels.minutes} |`;
  return [head, '| --- | --- | --- |', ...rows].join('\n');
}

function numbered(items: readonly string[]): string {
  return items.map((item, i) => `${i + 1}. ${item}`).join('\n');
}

function section(heading: string, ...parts: readonly string[]): string {
  return [`## ${heading}`, ...parts].join('\n\n');
}

function stepsSection(block: ParsedBlock, n: number, phrases: Phrases): string {
  const steps = block.steps.length > 0 ? block.steps : [phrases.defaults.step];
  const items = steps.map((step, i) => `**${step}** ${at(phrases.howTo, n + i)}`);
  return section(phrases.labels.howTo, numbered(items));
}

function checklist(block: ParsedBlock, phrases: Phrases): string {
  const items = [...(block.evidence === null ? [] : [block.evidence]), ...phrases.checklist];
  return section(phrases.labels.checklist, items.map((item) => `- [ ] ${item}`).join('\n'));
}

/** `n` is the block's number: it only varies the advice that goes with the steps. */
export function lessonReply(blockText: string, n: number, person: Person): string {
  const phrases = PHRASES[person.language];
  const { labels, intro, tips, mistakes, questions } = phrases;
  const block = parseBlock(blockText);
  const bullets = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  return [
    `# ${block.title ?? phrases.defaults.title}`,
    `> ${phrases.notice}`,
    intro.join(' '),
    ...(block.aim === null ? [] : [section(labels.aim, block.aim)]),
    section(labels.forYou, fill(phrases.forYou, person, phrases)),
    ...(block.others.length === 0 ? [] : [section(labels.fromPlan, bullets(block.others))]),
    stepsSection(block, n, phrases),
    section(labels.week, weekTable(person, phrases)),
    section(
      labels.exercise,
      block.exercise ?? phrases.defaults.step,
      at(phrases.howTo, n + block.steps.length),
    ),
    `> **${labels.tip}:** ${at(tips, n)}`,
    section(labels.mistakes, bullets(mistakes)),
    section(labels.questions, numbered(questions)),
    checklist(block, phrases),
    phrases.closing,
  ].join('\n\n');
}
