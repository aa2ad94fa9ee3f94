/** events.jsonl: the lead's stream, one event a line. */
import { type FileHandle, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PlanlineError } from '../../core/errors.ts';
import { type StoredEnvelope, storedEnvelope } from '../../core/events.ts';
import type { Clock, Log } from '../../ports.ts';
import { isErrno } from './disk-error.ts';
import { freePath, moveAside, writeFileWhole } from './durable.ts';
import { appendText, cutFile, readSpan, scanLines, tornFrom } from './jsonl.ts';
import { stampOf } from './stamp.ts';

type Take = (events: readonly StoredEnvelope[]) => void;

export interface EventFile {
  /** Mends a torn end first. */
  scan(take: Take): Promise<void>;
  /** Changes nothing; tells whether the end is torn. */
  view(take: Take): Promise<{ readonly isTorn: boolean }>;
  append(events: readonly StoredEnvelope[]): Promise<void>;
  setAside(reason: string): Promise<string>;
}

function numbered(stem: string): (n: number) => string {
  return (n) => (n === 0 ? `${stem}.jsonl` : `${stem}.${n}.jsonl`);
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

export function createEventFile(options: {
  folder: string;
  leadId: string;
  clock: Clock;
  log: Log;
}): EventFile {
  const { folder, leadId, clock, log } = options;
  const path = join(folder, 'events.jsonl');

  const bad = (what: string, cause?: unknown): PlanlineError =>
    new PlanlineError(
      'corrupt',
      `${what} Nothing was changed. The database has every event: move ${path} elsewhere, and the ` +
        'next run of the lead writes it anew.',
      { cause },
    );

  const checked = (value: unknown, where: () => string): StoredEnvelope => {
    const parsed = storedEnvelope.safeParse(value);
    if (!parsed.success) throw bad(`${where()} is not an event of planline.`, parsed.error);
    if (parsed.data.lead_id !== leadId) throw bad(`${where()} is an event of another lead.`);
    return parsed.data;
  };

  const parsedLine = (line: string | null, where: () => string): unknown => {
    if (line === null) throw bad(`${where()} is not JSON.`);
    try {
      // JSON.parse gives any; unknown makes the reader validate.
      return JSON.parse(line) as unknown;
    } catch (cause) {
      throw bad(`${where()} is not JSON.`, cause);
    }
  };

  /** Cuts a torn end off and keeps it in a file of its own. Returns the length that stays. */
  const mended = async (file: FileHandle): Promise<number> => {
    const { size } = await file.stat();
    const length = await tornFrom(file, size);
    if (length === size) return size;
    const torn = await freePath(folder, numbered(`events.torn.${stampOf(clock.now())}`));
    await writeFileWhole(torn, await readSpan(file, length, size));
    await cutFile(path, length);
    log.warn(
      { leadId, file: path, tornBytes: size - length, keptIn: basename(torn) },
      'the end of events.jsonl was torn by a crash; it was cut off and set aside',
    );
    return length;
  };

  /** The events of the first `length` bytes. */
  const takeEvents = async (file: FileHandle, length: number, take: Take): Promise<void> => {
    let read = 0;
    await scanLines(file, length, (lines) => {
      take(
        lines.map((line) => {
          read += 1;
          const where = (): string => `Line ${read} of ${path}`;
          return checked(parsedLine(line, where), where);
        }),
      );
    });
  };

  return {
    async scan(take) {
      const file = await openIfThere(path);
      if (file === null) return;
      try {
        await takeEvents(file, await mended(file), take);
      } finally {
        await file.close();
      }
    },

    async view(take) {
      const file = await openIfThere(path);
      if (file === null) return { isTorn: false };
      try {
        const { size } = await file.stat();
        const length = await tornFrom(file, size);
        await takeEvents(file, length, take);
        return { isTorn: length < size };
      } finally {
        await file.close();
      }
    },

    async append(events) {
      if (events.length === 0) return;
      const lines = events.map((event) =>
        JSON.stringify(
          checked(event, () => `Event ${event.seq} that was to be appended to ${path}`),
        ),
      );
      await appendText(path, `${lines.join('\n')}\n`, async () => {
        const file = await open(path, 'r');
        try {
          await mended(file);
        } finally {
          await file.close();
        }
        return '';
      });
    },

    async setAside(reason) {
      const why = reason
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '')
        .slice(0, 40);
      const stem = `events.${why === '' ? 'aside' : why}.${stampOf(clock.now())}`;
      return basename(await moveAside(path, numbered(stem)));
    },
  };
}
