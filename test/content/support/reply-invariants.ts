/** What holds for every chat reply: it is read or refused in words, never a crash. */
import { extractBloks } from '../../../src/core/reply/extract-bloks.ts';
import { extractHtml } from '../../../src/core/reply/extract-html.ts';
import { extractJson } from '../../../src/core/reply/extract-json.ts';
import { normalizeReply } from '../../../src/core/reply/normalize.ts';
import type { Result } from '../../../src/core/result.ts';
import { parseProfile } from '../../../src/steps/input-transform.ts';
import { checkLesson, checkPart } from '../../../src/steps/stage2.ts';
import { checkHtmlReply, checkPageReply } from '../../../src/steps/stage3.ts';

const BLOCKS = 3;
/** A reason is a sentence or two. */
const MAX_REASON_CHARS = 400;

const READERS: Readonly<Record<string, (reply: string) => Result<unknown>>> = {
  extractJson,
  extractBloks: (reply) => extractBloks(reply, BLOCKS),
  extractHtml,
  parseProfile,
  checkPart,
  checkHtmlReply,
  checkLesson: (reply) => checkLesson(reply, 'sk'),
  checkPageReply: (reply) => checkPageReply(reply, { lesson: null, language: 'sk' }),
};

function faultsOfRefusal(reason: string): string[] {
  if (reason.trim() === '') return ['a refusal without a reason'];
  return reason.length > MAX_REASON_CHARS ? [`a reason of ${reason.length} characters`] : [];
}

function faultsOfValue(value: unknown): string[] {
  const text = JSON.stringify(value);
  return [
    ...(text.isWellFormed() ? [] : ['a value that is no well-formed Unicode']),
    ...(text.includes('\\u0000') ? ['a value with NUL'] : []),
  ];
}

/** What was taken out of a reply is what is taken out of itself. */
function isStable(read: (reply: string) => Result<unknown>, value: unknown): boolean {
  if (typeof value !== 'string') return true;
  const again = read(value);
  return again.ok && again.value === value;
}

export function faultsOfReply(raw: string): string[] {
  const reply = normalizeReply(raw);
  return Object.entries(READERS).flatMap(([name, read]) => {
    const result = read(reply);
    const faults = result.ok ? faultsOfValue(result.value) : faultsOfRefusal(result.error.reason);
    const unstable =
      result.ok && !isStable(read, result.value) ? ['what was read reads differently again'] : [];
    return [...faults, ...unstable].map((fault) => `${name}: ${fault}`);
  });
}
