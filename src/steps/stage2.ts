/** The fourth step: the model writes each block out as a lesson; here its reply is judged. */
import { endsInFence, unwrapFence } from '../core/reply/fences.ts';
import { hasWords, lengthInWords, tidyReply } from '../core/reply/normalize.ts';
import { ok, refuse } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { findGarbage } from './quality.ts';
import { proseOfLesson } from './quality/prose.ts';

/**
 * Fewer words than this are no lesson, which has some hundreds even where the model is brief. The longest
 * refusals, questions back and notices of the chat have fewer, in any language and however they begin.
 */
const MIN_WORDS = 80;
/** A refusal is short; a lesson may well speak about apologies. */
const MAX_REFUSAL_WORDS = 150;

const REFUSALS: readonly RegExp[] = [
  /^(?:i['’]m|i am) (?:really |very |so )?sorry,? but\b/i,
  /^(?:(?:i['’]m |i am )?sorry|unfortunately|i apologi[sz]e)[,.!]?\s+(?:but )?(?:i |as an ai)\b/i,
  /^i (?:can['’]?t|cannot|can not|won['’]t|am unable to|am not able to|['’]?m unable to)\b/i,
  /^as an ai\b/i,
  /^(?:je mi ľúto|ľutujem|prepáčte|prepáč|ospravedlňujem sa|bohužiaľ|žiaľ)[,.!]?\s/i,
  /^(?:je mi líto|lituji|omlouvám se|bohužel)[,.!]?\s/i,
];
const FAILURES: readonly RegExp[] = [
  /^(?:hmm[.…]*\s*)?something went wrong\b/i,
  /^(?:there was )?an error (?:occurred|generating|in the message)\b/i,
  /^network error\b/i,
  /^error in (?:message|body) stream\b/i,
];

/** Inside a code block, or inside a fence around the whole that hides how its own blocks pair up. */
function isCutInFence(text: string): boolean {
  const [first = '', ...rest] = text.split('\n');
  const isWrapped = /^(?:`{3,}|~{3,})\s*(?:markdown|md)\s*$/i.test(first);
  return endsInFence(text) || (isWrapped && !endsInFence(rest.join('\n')));
}

/**
 * The lesson's text, out of a fence around the whole and without citation marks. Judged when the reply
 * came: what was accepted then is only read here, whatever would be said of it today.
 */
export function readPart(reply: string): string {
  return unwrapFence(tidyReply(reply));
}

/**
 * The lesson's text as `readPart` gives it. Refused when it is empty, a refusal or an error message,
 * too short, or cut inside a code block.
 */
export function checkPart(reply: string): Result<string> {
  const text = readPart(reply);
  if (!hasWords(text)) return refuse('the reply is empty; a whole lesson was asked for');
  const count = lengthInWords(text);
  if (count <= MAX_REFUSAL_WORDS && FAILURES.some((pattern) => pattern.test(text))) {
    return refuse('the reply is an error message of the chat, not a lesson');
  }
  if (count <= MAX_REFUSAL_WORDS && REFUSALS.some((pattern) => pattern.test(text))) {
    return refuse('the model declined to write the lesson');
  }
  if (count < MIN_WORDS) {
    return refuse(`the lesson has ${count} words; a whole lesson was asked for`);
  }
  if (isCutInFence(text)) {
    return refuse('the lesson is incomplete: a code block is never closed, the reply was cut off');
  }
  return ok(text);
}

/** The lesson of a reply that may still be asked for again: `checkPart`, and not certain garbage. */
export function checkLesson(reply: string, language: string | null): Result<string> {
  const part = checkPart(reply);
  if (!part.ok) return part;
  const garbage = findGarbage(proseOfLesson(part.value), language, 'lesson');
  return garbage === null ? part : refuse(garbage);
}
