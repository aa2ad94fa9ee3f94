/**
 * What a copy of the whole page tells. The interface, the prompt and the answer come as one text, and
 * an answer may hold the very words of a notice: whatever can be ours is taken out before any notice
 * is looked for.
 */
import { folded } from '../page/folded.ts';
import { LABELS } from '../page/labels.ts';
import { type Notice, worstNotice } from '../page/notices.ts';
import { skeletonOf } from '../page/text-compare.ts';
import type { Frame } from './framing.ts';

export interface Exchanged {
  readonly frame: Frame;
  /** What went, or was to go, into the composer. */
  readonly prompt: string;
  /** The answer as far as it could be copied; null when it could not. */
  readonly answer: string | null;
}

/** A conversation's title in the list beside is shorter, the sentences of a notice are longer. */
const NOTICE_CHARS = 36;

const FEW_LINES = 5;

const LOGIN_LINES = new Set(LABELS.logIn.map(folded));
const SIGNUP_LINES = new Set(LABELS.signUp.map(folded));

export function showsToken(page: string, { token }: Frame): boolean {
  return page.includes(token);
}

const CONTINUE_LINES = new Set(LABELS.continueGenerating.map(folded));

/** The page offers to write on: what it shows is cut at its limit. */
export function showsContinue(page: string): boolean {
  return linesOf(page).some((line) => CONTINUE_LINES.has(folded(line)));
}

/** Both are offered only to somebody who is not logged in. */
export function showsLogin(page: string): boolean {
  const lines = page.split('\n').map((line) => folded(line).trim());
  return (
    lines.some((line) => LOGIN_LINES.has(line)) && lines.some((line) => SIGNUP_LINES.has(line))
  );
}

/** The trouble that the interface shows on a page without an exchange of ours. */
export function noticeBefore(page: string, prompt: string): Notice | null {
  const ours = skeletonOf(prompt);
  const lines = linesOf(page).filter((line) => !ours.includes(skeletonOf(line)));
  return worstNotice(lines.filter((line) => line.length >= NOTICE_CHARS)) ?? challengeOf(lines);
}

/** A page that asks whether a person is there shows nothing else, and in few words. */
function challengeOf(lines: readonly string[]): Notice | null {
  if (lines.length > FEW_LINES) return null;
  const notice = worstNotice(lines);
  return notice?.kind === 'challenge' ? notice : null;
}

/** The trouble that the interface shows below our prompt. */
export function noticeAfter(page: string, exchanged: Exchanged): Notice | null {
  const { frame } = exchanged;
  const lines = linesOf(page);
  const prompt = lines.findLastIndex((line) => line.includes(frame.begin) && line !== frame.begin);
  if (prompt === -1) return noticeBefore(page, exchanged.prompt);
  const below = lines.slice(prompt + 1);
  return worstNotice(withoutAnswer(below, exchanged));
}

function withoutAnswer(lines: readonly string[], { frame, answer }: Exchanged): string[] {
  if (answer !== null) {
    const words = skeletonOf(answer);
    return lines.filter((line) => !words.includes(skeletonOf(line)));
  }
  const begin = lines.findIndex((line) => line.includes(frame.begin));
  if (begin === -1) return [...lines];
  const end = lines.findLastIndex((line) => line.includes(frame.end));
  return [...lines.slice(0, begin), ...(end > begin ? lines.slice(end + 1) : [])];
}

function linesOf(page: string): string[] {
  return page
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
