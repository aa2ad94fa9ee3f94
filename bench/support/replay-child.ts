/** One subject of the replay suite, alone in its process: its time and its memory are its own. */
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { fold, NEW_LEAD } from '../../machines/fold.ts';
import { createDiskStore } from '../../src/adapters/disk/disk-store.ts';
import { readSpan } from '../../src/adapters/disk/jsonl.ts';
import { connect } from '../../src/adapters/supabase/client.ts';
import { createEventStore } from '../../src/adapters/supabase/event-store.ts';
import { findChainFault } from '../../src/core/hash-chain.ts';
import { recordingLog } from '../../test/support/recording-log.ts';
import { virtualClock } from '../../test/support/virtual-clock.ts';
import { passes, question, type Question } from './replay-passes.ts';

const CHUNK_BYTES = 256 * 1_024;
/** Rows of an answer, as the store asks for them. */
const PAGE = 1_000;

/** The limit: the file read in the same pieces, and JSON.parse of each line; nothing is kept. */
async function parseLines({ file }: Question): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const decoder = new TextDecoder();
    let rest = '';
    let events = 0;
    for (let from = 0; from < size; from += CHUNK_BYTES) {
      const bytes = await readSpan(handle, from, Math.min(size, from + CHUNK_BYTES));
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        JSON.parse(line);
        events += 1;
      }
    }
    return events;
  } finally {
    await handle.close();
  }
}

/** As a run opens a stream: torn end looked for, each line checked, each event folded. */
async function foldLog({ file, leadId }: Question, isChainChecked: boolean): Promise<number> {
  const store = createDiskStore({
    runsDir: dirname(dirname(file)),
    coldStorageDir: null,
    clock: virtualClock('2026-11-23T10:00:00.000Z'),
    log: recordingLog(),
  });
  const files = store.lead(leadId);
  if (basename(files.directory) !== basename(dirname(file))) throw new Error(`not ${file}`);
  let state = NEW_LEAD;
  await files.scanEvents((events) => {
    const fault = isChainChecked ? findChainFault(events, state) : null;
    if (fault !== null) throw new Error(`seq ${fault.seq}: ${fault.problem}`);
    state = fold(events, state);
  });
  return state.seq;
}

/** As a run reads what its disk lacks. */
async function foldDatabase({ leadId, events, supabase }: Question): Promise<number> {
  const store = createEventStore(connect(supabase, () => 0));
  let state = NEW_LEAD;
  for (let left: number | undefined; state.seq < events;) {
    const part = await store.readSome(leadId, state.seq, left);
    state = fold(part.events, state);
    ({ left } = part);
  }
  return state.seq;
}

/** The limit: the same answers of the same database, and JSON.parse of each. */
async function parseAnswers({ leadId, events, supabase }: Question): Promise<number> {
  const { url, secretKey } = supabase;
  for (let seq = 0; seq < events; seq += PAGE) {
    const query = `lead_id=eq.${leadId}&seq=gt.${seq}&order=seq&limit=${PAGE}&select=*`;
    const answer = await fetch(`${url}/rest/v1/pipeline_events?${query}`, {
      headers: { apikey: secretKey, authorization: `Bearer ${secretKey}` },
    });
    const rows = z.array(z.unknown()).parse(JSON.parse(await answer.text()));
    if (rows.length !== Math.min(PAGE, events - seq)) throw new Error(`${rows.length} rows came`);
  }
  return events;
}

const SUBJECTS = {
  parse: parseLines,
  fold: (asked: Question) => foldLog(asked, false),
  check: (asked: Question) => foldLog(asked, true),
  database: foldDatabase,
  answers: parseAnswers,
} as const;

const asked = question.parse(JSON.parse(await text(process.stdin)));
const subject = SUBJECTS[asked.subject];
const measured = await passes(asked.events, () => subject(asked));
process.stdout.write(`${JSON.stringify(measured)}\n`);
