/** The JSON object of a chat reply, wherever in the reply it stands. */
import { refuse, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { findFences } from './fences.ts';
import { readObject } from './json-reader.ts';
import { decodeEntities, normalizeReply, placeOf, tidyReply } from './normalize.ts';
import { readingsOfJson } from './readings.ts';

interface Found {
  readonly value: Record<string, unknown>;
}

/** No reply has so many braces before its JSON; a bound keeps a hostile one from costing minutes. */
const MAX_ATTEMPTS = 1_000;

interface Search {
  readonly found: Found[];
  attempts: number;
  /** Of the first object that could not be read. */
  problem: string | null;
}

/** An object that belongs to another: after a key, or after a sibling in an array. */
const NESTED_BEFORE = /(?:["“”']\s*:\s*\[?|[}\]]\s*,)\s*$/;

function searchIn(text: string, offset: number, whole: string, into: Search): void {
  let outerFailed = false;
  for (let at = text.indexOf('{'); at !== -1; at = text.indexOf('{', at)) {
    if (into.attempts >= MAX_ATTEMPTS) return;
    if (outerFailed && NESTED_BEFORE.test(text.slice(Math.max(0, at - 200), at))) {
      at += 1;
      continue;
    }
    into.attempts += 1;
    const outcome = readObject(text, at);
    if (outcome.kind === 'value') {
      into.found.push({
        value: cleanStrings(outcome.value) as Record<string, unknown>, // readObject reads objects
      });
      at = outcome.end;
      continue;
    }
    if (outcome.kind === 'cut') {
      into.problem ??=
        'the JSON is incomplete: the reply ends before the object that begins at ' +
        `${placeOf(whole, offset + at)} is closed`;
    } else if (outcome.hadKey) {
      const place = placeOf(whole, offset + outcome.at);
      into.problem ??= `the JSON cannot be read at ${place}: ${outcome.problem}`;
    }
    outerFailed ||= outcome.kind === 'cut' || outcome.hadKey;
    at += 1;
  }
}

/** jsonb takes neither NUL nor half a surrogate pair, and a reply may hold both as escapes. */
function cleanStrings(value: unknown): unknown {
  if (typeof value === 'string') return decodeEntities(normalizeReply(value));
  if (Array.isArray(value)) return value.map(cleanStrings);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [normalizeReply(key), cleanStrings(member)]),
  );
}

/** The object that weighs most; of equal ones the last, which is the corrected one. */
function heaviest(found: readonly Found[], weigh: (value: object) => number): Found | null {
  return found.reduce<Found | null>(
    (chosen, next) => (chosen === null || weigh(next.value) >= weigh(chosen.value) ? next : chosen),
    null,
  );
}

/** Fences are read one by one, so that a cut one does not swallow a whole one that follows. */
function segments(text: string): { text: string; offset: number }[] {
  const parts: { text: string; offset: number }[] = [];
  let at = 0;
  for (const fence of findFences(text)) {
    parts.push({ text: text.slice(at, fence.start), offset: at });
    parts.push({ text: fence.content, offset: fence.contentStart });
    at = fence.end;
  }
  return [...parts, { text: text.slice(at), offset: at }];
}

function search(text: string): Search {
  const inParts: Search = { found: [], attempts: 0, problem: null };
  for (const part of segments(text)) searchIn(part.text, part.offset, text, inParts);
  if (inParts.found.length > 0) return inParts;
  const inWhole: Search = { found: [], attempts: 0, problem: null };
  searchIn(text, 0, text, inWhole);
  return inWhole.found.length > 0 ? inWhole : inParts;
}

/**
 * The JSON object of a reply: alone, fenced, or within prose. Of several complete objects the one
 * that weighs most is taken: the one with the most keys unless `weigh` knows better. A cut or
 * malformed one is refused with its place.
 */
export function extractJson(
  reply: string,
  weigh: (value: object) => number = (value) => Object.keys(value).length,
): Result<unknown> {
  if (tidyReply(reply).trim() === '') {
    return refuse('the reply is empty; a JSON object was asked for');
  }
  let problem: string | null = null;
  for (const text of readingsOfJson(reply)) {
    const result = search(text);
    const found = heaviest(result.found, weigh);
    if (found !== null) return ok(found.value);
    problem ??= result.problem;
  }
  return refuse(problem ?? 'the reply holds no JSON object; one was asked for, alone');
}
