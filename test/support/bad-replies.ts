/** Replies that cannot be used, each for the lead whose description names it; all others are good. */
import type { ChatStep } from '../../src/core/lifecycle.ts';
import { kindOf, rehearse } from './chat-server.ts';

export interface BadReply {
  readonly name: string;
  readonly step: ChatStep;
  readonly reply: string;
  /** What the lead's last_error must say. */
  readonly says: RegExp;
}

const lesson = (n: number): string =>
  `<blok-${n}>\n# Block ${n}\nRead, then write down why.\n</blok-${n}>\n`;

/** For a plan of two blocks. */
export const BAD_REPLIES: readonly BadReply[] = [
  {
    name: 'profile-blank',
    step: 'input_transform',
    reply: ' \n\u200B\n',
    says: /^input_transform: .*empty/,
  },
  {
    name: 'profile-prose',
    step: 'input_transform',
    reply: 'I would be glad to help. What should the profile look like?',
    says: /^input_transform: .*JSON/,
  },
  {
    name: 'profile-cut',
    step: 'input_transform',
    reply: '```json\n{ "name": "A", "goals": ["b',
    says: /^input_transform: the JSON is incomplete/,
  },
  {
    name: 'plan-one-too-few',
    step: 'plan',
    reply: lesson(1),
    says: /^plan: the plan has 1 block, 2 were asked for: blok-2 is missing/,
  },
  {
    name: 'plan-one-too-many',
    step: 'plan',
    reply: lesson(1) + lesson(2) + lesson(3),
    says: /^plan: the plan has 3 blocks, 2 were asked for: blok-3 is too many/,
  },
  {
    name: 'plan-duplicate',
    step: 'plan',
    reply: lesson(1) + lesson(2) + lesson(2),
    says: /^plan: .*blok-2 is there more than once/,
  },
  {
    name: 'plan-nested',
    step: 'plan',
    reply: `<blok-1>\nOne\n${lesson(2)}</blok-1>`,
    says: /^plan: inside <blok-1> another tag <blok-2> opens/,
  },
  {
    name: 'lesson-empty',
    step: 'stage2',
    reply: '',
    says: /^stage2, block [12]: .*empty/,
  },
  {
    name: 'page-prose',
    step: 'stage3',
    reply: 'Here is what the page would say: read the first chapter, then write down why.',
    says: /^stage3, block [12]: the reply is text without an HTML page/,
  },
];

const CASE = /CASE-([a-z-]+)/;

/** The words of a description by which its lead gets this reply. */
export function caseOf({ name }: BadReply): string {
  return `CASE-${name}`;
}

/** Goes from prompt to prompt: by the profile's notes, then by the lessons. */
function withCase(step: ChatStep | null, reply: string, marker: string): string {
  if (step === 'input_transform') {
    return JSON.stringify({ ...(JSON.parse(reply) as object), notes: marker });
  }
  return step === 'stage2' ? `${reply}\n\n${marker}\n` : reply;
}

/** Answers as a chat server does; once `isMended()`, all of them are good. */
export function badAnswers(isMended: () => boolean): (prompt: string) => string {
  return (prompt) => {
    const step = kindOf(prompt);
    const [marker, name] = CASE.exec(prompt) ?? [];
    const bad = BAD_REPLIES.find((one) => one.name === name && one.step === step);
    if (bad !== undefined && !isMended()) return bad.reply;
    const good = rehearse(prompt);
    return marker === undefined ? good : withCase(step, good, marker);
  };
}
