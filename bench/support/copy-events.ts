/** Puts an events.jsonl into `pipeline_events` by COPY: no trigger of inserts makes it anew. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import postgres from 'postgres';
import { storedEnvelope } from '../../src/core/events.ts';

const COLUMNS = [
  'event_id',
  'lead_id',
  'seq',
  'run_id',
  'type',
  'v',
  'data',
  'status_from',
  'status_to',
  'actor',
  'occurred_at',
  'recorded_at',
  'prev_hash',
  'hash',
] as const;

/** As COPY reads text: `\N` is null, a backslash is doubled, JSON has no tabs or newlines of its own. */
function copyValue(value: string | number | object | null): string {
  if (value === null) return '\\N';
  const text = typeof value === 'object' ? JSON.stringify(value) : `${value}`;
  return text.replaceAll('\\', '\\\\');
}

/** Logs may share their events' ids; a database has each once. */
async function* copyLines(file: string, leadId: string): AsyncGenerator<string> {
  let batch: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const told = storedEnvelope.parse(JSON.parse(line));
    const event = { ...told, lead_id: leadId, event_id: randomUUID() };
    batch.push(`${COLUMNS.map((column) => copyValue(event[column])).join('\t')}\n`);
    if (batch.length < 1_000) continue;
    yield batch.join('');
    batch = [];
  }
  yield batch.join('');
}

/** `streams`: the file of each lead. */
export async function copyEvents(
  databaseUrl: string,
  streams: ReadonlyMap<string, string>,
): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    for (const [leadId, file] of streams) {
      const into = await sql
        .unsafe(`copy public.pipeline_events (${COLUMNS.join(', ')}) from stdin`)
        .writable();
      await pipeline(Readable.from(copyLines(file, leadId)), into);
    }
    await sql.unsafe('vacuum analyze public.pipeline_events');
  } finally {
    await sql.end();
  }
}
