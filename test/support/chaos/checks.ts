/** What must hold of a lead however often the processes that worked on it were killed. */
import { readdir, readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isErrno } from '../../../src/adapters/disk/disk-error.ts';
import { sha256OfFile } from '../../../src/adapters/disk/zip.ts';
import { parseLine, wholeLines } from '../../../src/adapters/disk/jsonl.ts';
import { ARCHIVE_RECEIPT } from '../../../src/core/archive-receipt.ts';
import type { StoredEnvelope } from '../../../src/core/events.ts';
import { findChainFault, sha256Hex } from '../../../src/core/hash-chain.ts';
import { REPEAT_LINE } from '../../../src/core/notification-text.ts';
import { promptsTotal, STEPS } from '../../../src/core/lifecycle.ts';
import type { RequestRecord } from '../chat-server.ts';
import type { Webhook } from '../webhook.ts';
import type { LeadRecord } from './records.ts';

/** Expected to differ where a crash point says so. */
export interface Allowance {
  readonly blockCount: number;
  /** The provider may have taken a prompt whose id nobody here ever knew. */
  readonly askedAgain: boolean;
  /** The provider keeps no answer that could be asked for, whatever is known of it. */
  readonly blind: boolean;
  /** Somebody is to be told. */
  readonly told: boolean;
  /** A message whose arrival was not recorded may be told once more, with a note. */
  readonly toldAgain: boolean;
  /** Attempts that failed on purpose. */
  readonly failures: boolean;
  /** Several machines may each have made a zip of the run; one of them stands. */
  readonly zipsAside: boolean;
  /** events.jsonl was damaged on purpose; what was set aside stays. */
  readonly logsAside: boolean;
}

const effect = z.looseObject({ step: z.string().optional(), n: z.int().nullish() });
const prompted = z.looseObject({ request_id: z.string() });
const refs = z.looseObject({
  artifacts: z.array(z.object({ path: z.string(), sha256: z.string() })).optional(),
  outputs: z.array(z.object({ path: z.string(), sha256: z.string() })).optional(),
});

const ofType = (events: readonly StoredEnvelope[], type: string): StoredEnvelope[] =>
  events.filter((event) => event.type === type);

function effectOf({ data }: StoredEnvelope): string {
  const { step, n } = effect.parse(data);
  return `${step ?? ''}${n === undefined || n === null ? '' : `/${n}`}`;
}

function doubled(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Versions without a gap, a whole chain, and each effect with one recorded result. */
export function streamProblems(record: LeadRecord, { blockCount, failures }: Allowance): string[] {
  const { events, status } = record;
  const problems: string[] = [];
  const fault = findChainFault(events);
  if (fault !== null) problems.push(`seq ${fault.seq}: ${fault.problem}`);
  if (status !== 'archived') problems.push(`the lead is ${status}, not archived`);
  const started = ofType(events, 'run.started').length;
  if (started !== 1) problems.push(`${started} runs were started`);
  const completed = ofType(events, 'step.completed').map(effectOf);
  if (!isDeepStrictEqual(completed, [...STEPS])) {
    problems.push(`steps completed: ${completed.join(', ')}`);
  }
  const saved = ofType(events, 'prompt.saved').map(effectOf);
  if (saved.length !== promptsTotal(blockCount) || doubled(saved).length > 0) {
    problems.push(`replies saved: ${saved.join(', ')}`);
  }
  const failed = ofType(events, 'attempt.failed').length;
  if (failed > 0 && !failures) problems.push(`${failed} attempts were spent`);
  return problems;
}

function recordedRefs(events: readonly StoredEnvelope[]) {
  return events.flatMap(({ data }) => {
    const { artifacts = [], outputs = [] } = refs.parse(data);
    return [...artifacts, ...outputs];
  });
}

/** The pages are the recorded ones, put up once, and every recorded file is in the database. */
export function pageProblems(record: LeadRecord, { blockCount }: Allowance): string[] {
  const { events, pages, artifacts, replaced } = record;
  const problems: string[] = [];
  const contents = new Map(artifacts.map((one) => [`${one.path} ${one.sha256}`, one.content]));
  for (const one of artifacts) {
    if (sha256Hex(one.content) !== one.sha256) problems.push(`${one.path} does not fit its sha256`);
  }
  const newest = new Map(recordedRefs(events).map(({ path, sha256 }) => [path, sha256]));
  for (const [path, sha256] of newest) {
    if (!contents.has(`${path} ${sha256}`)) problems.push(`${path} is not in the database`);
  }
  if (replaced > 0) problems.push(`${replaced} pages were put up a second time`);
  if (pages.length !== blockCount) problems.push(`${pages.length} pages instead of ${blockCount}`);
  for (const { page_index: n, content } of pages) {
    const path = `transformed/parthtml${n}.json`;
    const recorded = contents.get(`${path} ${newest.get(path) ?? ''}`);
    if (recorded === undefined || !isDeepStrictEqual(JSON.parse(recorded), content)) {
      problems.push(`page ${n} is not what was recorded`);
    }
  }
  return problems;
}

export interface Witnessed {
  readonly problems: string[];
  /** Prompts that the provider answered more than once, each beginning with its step. */
  readonly askedAgain: readonly string[];
}

/**
 * The chat server's log against the stream: a prompt whose answer the provider had, under an id that
 * the stream knows, was never asked again; and nothing was sent that the stream did not announce.
 */
export function witnessProblems(
  record: LeadRecord,
  requests: readonly RequestRecord[],
  allowed: Allowance,
): Witnessed {
  const intended = new Map(
    ofType(record.events, 'prompt.send_intended').map((event) => [
      prompted.parse(event.data).request_id,
      `${effectOf(event)} ${prompted.parse(event.data)['prompt_sha256'] as string}`,
    ]),
  );
  const sent = allowed.blind ? 'prompt.answered' : 'prompt.sent';
  const known = new Set(
    ofType(record.events, sent).map((event) => prompted.parse(event.data).request_id),
  );
  const mine = requests.filter(({ requestId }) => intended.has(requestId ?? ''));
  const problems: string[] = [];
  const askedAgain: string[] = [];
  for (const request of mine) {
    const prompt = intended.get(request.requestId ?? '');
    const later = mine.filter(
      (other) => other.order > request.order && intended.get(other.requestId ?? '') === prompt,
    );
    if (!request.answered || later.length === 0) continue;
    askedAgain.push(prompt ?? '');
    if (known.has(request.requestId ?? '')) {
      problems.push(`${prompt ?? ''} was answered, its id was recorded, and it was asked again`);
    } else if (!allowed.askedAgain) {
      problems.push(`${prompt ?? ''} was answered and asked again`);
    }
  }
  const saved = ofType(record.events, 'prompt.saved').length;
  const answered = new Set(
    mine.filter(({ answered: isAnswered }) => isAnswered).map(({ requestId }) => requestId),
  );
  if (answered.size < saved) problems.push(`${saved} replies from ${answered.size} answers`);
  return { problems, askedAgain };
}

/** One message a lead; a second one only where the first one's end is unknown, and it says so. */
export function tellingProblems(
  leadId: string,
  webhook: Webhook,
  { toldAgain }: Allowance,
): string[] {
  const messages = webhook.requests
    .map(({ body }) => JSON.stringify(body))
    .filter((text) => text.includes(leadId) && text.includes('finished'));
  const [first, ...more] = messages;
  if (first === undefined) return ['the operator was never told'];
  if (more.length === 0) return [];
  if (!toldAgain) return [`the operator was told ${messages.length} times`];
  return more.every((text) => text.includes(REPEAT_LINE))
    ? []
    : ['a further message does not say that it may be a repeat'];
}

/** One summary a day, however often its sweep was killed; another one only as a repeat that says so. */
export function summaryProblems({ requests }: Webhook): string[] {
  const days = requests
    .map(({ body }) => JSON.stringify(body))
    .filter((text) => !text.includes(REPEAT_LINE))
    .flatMap((text) => /(\d{4}-\d\d-\d\d): \d+ finished/.exec(text)?.[1] ?? []);
  if (days.length === 0) return ['no daily summary was told'];
  return new Set(days).size === days.length ? [] : [`daily summaries of ${days.join(', ')}`];
}

async function hashesOnDisk(folder: string): Promise<string[]> {
  const line = z.looseObject({ seq: z.int(), hash: z.string() });
  const bytes = await readFile(join(folder, 'events.jsonl'));
  return wholeLines(bytes).map((one) => line.parse(parseLine(one)).hash);
}

/** events.jsonl as a kill left it. */
export interface LeftLog {
  /** The kill. */
  readonly at: string;
  readonly hashes: readonly string[];
  readonly aside: readonly string[];
}

const isAside = (name: string): boolean => /^events\..+\.jsonl$/.test(name);

/** Null where there is none yet, or none any more. */
export async function leftLog(folder: string, at: string): Promise<LeftLog | null> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  if (!names.includes('events.jsonl')) return null;
  return { at, hashes: await hashesOnDisk(folder), aside: names.filter(isAside) };
}

/** Lines of events.jsonl that are not the stream's. */
function otherEvents(events: readonly StoredEnvelope[], hashes: readonly string[]): string[] {
  return hashes.flatMap((hash, index) =>
    hash === events[index]?.hash ? [] : [`events.jsonl, seq ${index + 1}: another event`],
  );
}

/** Whatever a kill left is the beginning of the stream; the next start may only add to it. */
export function leftLogProblems({ events }: LeadRecord, logs: readonly LeftLog[]): string[] {
  return logs.flatMap(({ at, hashes, aside }) => {
    return [
      ...otherEvents(events, hashes).map((problem) => `after ${at}: ${problem}`),
      ...(aside.length === 0 ? [] : [`set aside without need before ${at}: ${aside.join(', ')}`]),
    ];
  });
}

/** events.jsonl is the stream, up to what the outbox added since; nothing else lies about. */
export async function diskProblems(
  record: LeadRecord,
  cwd: string,
  { logsAside, zipsAside }: Allowance,
): Promise<string[]> {
  const { leadId, events } = record;
  const folder = join(cwd, 'runs', leadId);
  const problems: string[] = [];
  const local = await hashesOnDisk(folder);
  const ended = events.findIndex(({ status_to: status }) => status === 'archived');
  if (local.length <= ended) problems.push('events.jsonl ends before the run does');
  problems.push(...otherEvents(events, local));
  const names = await readdir(folder, { recursive: true });
  const aside = names.filter(isAside);
  if (aside.length > 0 && !logsAside) problems.push(`set aside without need: ${aside.join(', ')}`);
  const strays = names.filter((name) => name.endsWith('.tmp') || /\.archived|^\d{8}_/.test(name));
  if (strays.length > 0) problems.push(`left behind: ${strays.slice(0, 3).join(', ')}`);
  return [...problems, ...(await zipProblems(record, cwd, zipsAside))];
}

const receipt = z.object({ path: z.string(), sha256: z.string() });

/**
 * The zip that the newest receipt names is there and whole, and nothing of the run is beside it. Where
 * several machines had the lead, each can reach the others' cold storage, and need not make its own.
 */
async function zipProblems(
  { leadId, artifacts, events }: LeadRecord,
  cwd: string,
  mayBeOthers: boolean,
): Promise<string[]> {
  const named = events
    .flatMap(({ data }) => refs.parse(data).outputs ?? [])
    .findLast(({ path }) => path === ARCHIVE_RECEIPT);
  const file = artifacts.find(({ sha256 }) => sha256 === named?.sha256);
  if (file === undefined) return ['no receipt of the zip is recorded'];
  const zip = receipt.parse(JSON.parse(file.content));
  const cold = join(cwd, 'cold', leadId);
  const problems: string[] = [];
  if (!mayBeOthers) {
    const strays = (await readdir(cold)).filter((name) => zip.path !== join(cold, name));
    if (strays.length > 0) problems.push(`zips left behind: ${strays.join(', ')}`);
    if (dirname(zip.path) !== cold) problems.push('the zip is on another machine');
  }
  if ((await sha256OfFile(zip.path)) !== zip.sha256) problems.push('the zip is another one');
  return problems;
}
