/** What somebody does to the files of a lead is told, with the file and the event. */
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storedEnvelope, type StoredEnvelope } from '../../../src/core/events.ts';
import { eventHash } from '../../../src/core/hash-chain.ts';
import { standingOf } from '../../../src/shell/rebuild/standing.ts';
import { rebuildToDisk } from '../../../src/shell/rebuild/to-disk.ts';
import { runLead } from '../../../src/shell/run-lead.ts';
import { sweep } from '../../../src/shell/sweep.ts';
import { verifyLead } from '../../../src/shell/verify.ts';
import { matching } from '../../support/matchers.ts';
import { ENGLISH } from '../../support/descriptions.ts';
import { openTestWorkshop, TELLING } from '../../support/workshop.ts';

async function archivedLead() {
  const workshop = await openTestWorkshop({ channels: [] });
  const { shell, database, outbox, signals } = workshop;
  const id = await database.directory.add({ description: ENGLISH });
  await sweep({ shell, outbox, notifiers: [], telling: TELLING }, signals);
  const files = shell.artifacts.lead(id);
  const [runId = ''] = await files.runIds();
  const log = join(files.directory, 'events.jsonl');
  const verify = () => verifyLead(id, { ...shell, recovery: database.recovery });
  expect(await verify()).toMatchObject({ status: 'archived', problems: [], notes: [] });
  return { ...workshop, id, files, runId, folder: join(files.directory, runId), log, verify };
}

type Lines = readonly StoredEnvelope[];

const at = (
  seq: number,
  change: (event: StoredEnvelope) => StoredEnvelope,
): ((lines: Lines) => Lines) => {
  return (lines) => lines.map((event) => (event.seq === seq ? change(event) : event));
};

/** Every hash from the event on made anew, as whoever can write the file can. */
function reforged(lines: Lines): Lines {
  const forged: StoredEnvelope[] = [];
  for (const event of lines) {
    const whole = { ...event, prev_hash: forged.at(-1)?.hash ?? event.prev_hash };
    forged.push({ ...whole, hash: eventHash(whole) });
  }
  return forged;
}

const swapped = (lines: Lines, index: number): Lines => {
  const [one, other] = lines.slice(index, index + 2);
  return one === undefined || other === undefined ? lines : lines.toSpliced(index, 2, other, one);
};

const FORGED = 'f'.repeat(64);

const LOG_TAMPERINGS: readonly (readonly [
  what: string,
  edit: (lines: Lines) => Lines,
  told: readonly RegExp[],
])[] = [
  [
    'changed data',
    at(5, (event) => ({ ...event, data: { ...event.data, n: 9 } })),
    [/^events\.jsonl, seq 5: its content does not fit its hash$/, /^seq 5 .+ differs .+: data$/],
  ],
  [
    'a changed status, actor and time',
    at(3, (event) => ({
      ...event,
      status_to: 'archived',
      actor: 'x',
      occurred_at: '2026-01-01T00:00:00.000Z',
    })),
    [
      /^events\.jsonl, seq 3: its content does not fit its hash$/,
      /^seq 3 .+ differs .+: status_to, actor, occurred_at$/,
    ],
  ],
  [
    'a forged hash',
    at(5, (event) => ({ ...event, hash: FORGED })),
    [/^events\.jsonl, seq 5: its content does not fit its hash$/, /^seq 5 .+ differs .+: hash$/],
  ],
  [
    'a forged prev_hash',
    at(5, (event) => ({ ...event, prev_hash: FORGED })),
    [/^events\.jsonl, seq 5: prev_hash is not/, /^seq 5 .+ differs .+: prev_hash$/],
  ],
  [
    'a changed event with all hashes made anew',
    (lines) => reforged(at(5, (event) => ({ ...event, actor: 'x' }))(lines)),
    [/^seq 5 .+ differs .+: actor, hash$/],
  ],
  [
    'a removed line',
    (lines) => lines.toSpliced(4, 1),
    [
      /^events\.jsonl, seq 6: seq 5 was expected here, found 6$/,
      /^seq 5 .+ is in the database but not in events\.jsonl$/,
    ],
  ],
  [
    'two lines that changed places',
    (lines) => swapped(lines, 4),
    [/^events\.jsonl, seq 6: seq 5 was expected here, found 6$/],
  ],
  [
    'a line that is there twice',
    (lines) => lines.toSpliced(5, 0, ...lines.slice(4, 5)),
    [/^events\.jsonl, seq 5: seq 6 was expected here, found 5$/],
  ],
  [
    'an end that was cut off',
    (lines) => lines.slice(0, -3),
    [/^seq \d+ .+ is in the database but not in events\.jsonl$/],
  ],
  [
    'an added line',
    (lines) => {
      const [last] = reforged(lines.slice(-1));
      return last === undefined ? [] : [...lines, { ...last, seq: last.seq + 1 }];
    },
    [
      /^events\.jsonl, seq \d+: prev_hash is not/,
      /^seq \d+ .+ is in events\.jsonl but not in the database$/,
    ],
  ],
];

describe('verify of events.jsonl', () => {
  it.each(LOG_TAMPERINGS)('tells of %s', async (_, edit, told) => {
    const { log, verify } = await archivedLead();
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    const events = lines.map((line) => storedEnvelope.parse(JSON.parse(line)));
    await writeFile(
      log,
      edit(events)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    );
    const { problems } = await verify();
    for (const pattern of told) {
      expect(problems).toContainEqual(expect.stringMatching(pattern));
    }
  });

  it('tells of a line that is no event', async () => {
    const { log, verify } = await archivedLead();
    await writeFile(log, `{"hello":"world"}\n${await readFile(log, 'utf8')}`);
    expect((await verify()).problems).toEqual([
      expect.stringMatching(/^events\.jsonl: Line 1 of .+ is not an event of planline\./),
    ]);
  });
});

/** An archived lead whose log ends with what the outbox told, made invalid. */
async function tornLead() {
  const lead = await archivedLead();
  const { shell, database, id, files } = lead;
  database.record(
    id,
    'notification.delivered',
    { notification_id: 'x', channel: 'slack' },
    'outbox',
  );
  await files.appendEvents(database.events(id).slice(-1));
  const whole = await readFile(lead.log, 'utf8');
  await writeFile(lead.log, whole.replace(/\}\n$/, '\n'));
  const ports = { ...shell, recovery: database.recovery };
  return {
    ...lead,
    whole,
    /** What lies in the lead's folder must be the same after whatever only looks. */
    untouched: async () => ({
      names: (await readdir(files.directory)).toSorted(),
      text: await readFile(lead.log, 'utf8'),
    }),
    verifyBeside: (isWorking: () => Promise<boolean>, claimedBy: string | null) => {
      const get = async (leadId: string) => {
        const row = await shell.directory.get(leadId);
        return row === null ? null : { ...row, claimed_by: claimedBy };
      };
      return verifyLead(id, { ...ports, isWorking, directory: { ...shell.directory, get } });
    },
    standing: () => standingOf(id, { recovery: database.recovery, files }),
    toDisk: () => rebuildToDisk(id, ports),
  };
}

describe('a torn last line of events.jsonl', () => {
  it('is a problem, whoever wrote it, and stays as it is', async () => {
    const { id, database, verify, untouched } = await tornLead();
    const before = await untouched();
    const told = [
      `the last line of events.jsonl is torn; whole up to seq ${database.events(id).length - 1}: a crash left it so, or somebody changed it → planline rebuild --to disk ${id}, which keeps the torn end in a file`,
    ];
    expect(await verify()).toMatchObject({ leadId: id, problems: told });
    // No look takes it away from the next one.
    expect(await verify()).toMatchObject({ problems: told });
    expect(await untouched()).toEqual(before);
  });

  it('is a problem also where nothing before it is whole', async () => {
    const { log, verify } = await archivedLead();
    await writeFile(log, '{"event_id"');
    expect((await verify()).problems).toEqual([
      expect.stringMatching(
        /^the last line of events\.jsonl is torn; whole up to no line before it:/,
      ),
    ]);
    expect(await readFile(log, 'utf8')).toBe('{"event_id"');
  });

  it('is a note where a process of the home works on the lead, which may be writing it', async () => {
    const { id, database, verifyBeside, untouched } = await tornLead();
    const before = await untouched();
    expect(await verifyBeside(async () => true, 'd1')).toMatchObject({
      problems: [],
      notes: [
        `the last line of events.jsonl is torn; whole up to seq ${database.events(id).length - 1}: it may be written just now → stop the daemon, then planline verify ${id}`,
      ],
    });
    expect(await untouched()).toEqual(before);
    expect((await verifyBeside(async () => true, null)).problems).toHaveLength(1);
    expect((await verifyBeside(async () => false, 'd1')).problems).toHaveLength(1);
  });

  it('is no word where it was complete when read again', async () => {
    const { log, whole, verifyBeside } = await tornLead();
    const completes = async (): Promise<boolean> => {
      await writeFile(log, whole);
      return true;
    };
    expect(await verifyBeside(completes, 'd1')).toMatchObject({ problems: [], notes: [] });
  });

  it('is shown by a rebuild without a side, which changes nothing', async () => {
    const { standing, untouched } = await tornLead();
    const before = await untouched();
    expect(await standing()).toMatchObject({
      kind: 'disk_behind',
      damage: { database: null, disk: null },
      disk: { isTorn: true },
    });
    expect(await untouched()).toEqual(before);
  });

  it('is kept in a file by a rebuild of the disk, which completes the log', async () => {
    const { log, whole, files, toDisk, verify } = await tornLead();
    const lastLine = (text: string): string => text.split('\n').at(-2) ?? '';
    const torn = lastLine(await readFile(log, 'utf8'));
    const { done, problems } = await toDisk();
    expect({ done, problems }).toEqual({
      done: [
        'events.jsonl: its torn end was cut off and is kept as events.torn.<time>.jsonl',
        'events.jsonl: 1 event added',
      ],
      problems: [],
    });
    expect(await readFile(log, 'utf8')).toBe(whole);
    const kept = (await readdir(files.directory)).find((name) => name.startsWith('events.torn.'));
    expect(await readFile(join(files.directory, kept ?? ''), 'utf8')).toBe(`${torn}\n`);
    expect(await verify()).toMatchObject({ problems: [], notes: [] });
    expect((await toDisk()).done).toEqual([]);
  });
});

describe('verify of run folders', () => {
  it.each(['plan/plan.txt', 'input/lead.json', 'transformed/parthtml1.json', 'archive.json'])(
    'tells of %s when it was edited',
    async (path) => {
      const { folder, runId, verify } = await archivedLead();
      await appendFile(join(folder, path), ' ');
      expect((await verify()).problems).toEqual([
        expect.stringMatching(
          new RegExp(
            `^run ${runId}, ${path} on this disk is [0-9a-f]{12}, [0-9a-f]{12} was recorded$`,
          ),
        ),
      ]);
    },
  );

  it('misses no file that another machine may have', async () => {
    const { folder, verify } = await archivedLead();
    await rm(join(folder, 'plan'), { recursive: true });
    expect((await verify()).problems).toEqual([]);
  });

  it('tells of a zip that was edited, replaced or damaged', async () => {
    const { folder, runId, verify } = await archivedLead();
    const zip = `${folder}.zip`;
    const bytes = await readFile(zip);

    const other = await archivedLead();
    await cp(`${other.folder}.zip`, zip);
    expect((await verify()).problems).toContain(
      `${zip} of run ${runId} is not the zip that was made of it`,
    );

    await writeFile(zip, bytes.subarray(0, bytes.length / 2));
    expect((await verify()).problems).toEqual([
      expect.stringMatching(/\.zip cannot be read as a zip\. Put it back from a backup\.$/),
    ]);
    await writeFile(zip, bytes);
    expect((await verify()).problems).toEqual([]);
  });

  it('takes a zip that no event names for damage only where this machine ended the run', async () => {
    const { files, folder, runId, shell, database, id, verify } = await archivedLead();
    await files.run(runId).appendLog('archive', { n: 1 });
    await files.run(runId).archive();
    await rm(join(folder, 'archive.json'));
    const told = matching(/is not the zip that was made of it/);
    expect((await verify()).problems).toEqual([told]);
    const ports = { ...shell, recovery: database.recovery, daemon: 'another daemon' };
    expect(await verifyLead(id, ports)).toMatchObject({ problems: [], notes: [told] });
  });

  it('tells of a run that no event names, but not of the beginning that a crash left', async () => {
    const { folder, files, verify } = await archivedLead();
    const stray = join(files.directory, '20200101_000000');
    await mkdir(join(stray, 'input'), { recursive: true });
    await writeFile(join(stray, 'input/lead.json'), '{}');
    expect(await verify()).toMatchObject({
      problems: [],
      notes: ['run 20200101_000000: a crash left its folder before it began; no event names it'],
    });
    await mkdir(join(stray, 'plan'));
    await writeFile(join(stray, 'plan/plan.txt'), 'a reply');
    const told = 'run 20200101_000000: it is on this disk, and no event names it';
    expect((await verify()).problems).toEqual([told]);
    await rm(stray, { recursive: true });
    await cp(`${folder}.zip`, `${stray}.zip`);
    expect((await verify()).problems).toEqual([told]);
    // Out of the way it is nobody's run.
    expect(await files.setRunAside('20200101_000000')).toEqual([
      join(files.directory, '20200101_000000.aside.zip'),
    ]);
    expect((await verify()).problems).toEqual([]);
  });

  it('takes no offence at what the step under way has written before its event', async () => {
    const { shell, database, files, runId, verify, id } = await archivedLead();
    database.edit(id, { description: `${ENGLISH} I can start in May.`, status: 'flagged' });
    const claim = await shell.store.claim({ daemon: 'd1', leaseMs: 1_000, running: [], only: id });
    if (claim === null) throw new Error('the lead could not be claimed');
    const stopping = new AbortController();
    const watched = {
      ...shell,
      progress: (event: { kind: string; step?: string }) => {
        if (event.kind === 'step' && event.step === 'html_to_json') stopping.abort();
      },
    };
    // Stopped before clean, which writes a page to the path that html_to_json recorded.
    await runLead(watched, claim, { stopping: stopping.signal, abort: stopping.signal });
    const second = (await files.runIds()).find((name) => name !== runId) ?? '';
    await appendFile(join(files.directory, second, 'transformed/parthtml1.json'), ' ');
    expect(await verify()).toMatchObject({
      problems: [],
      notes: [expect.stringMatching(/transformed\/parthtml1\.json .+: its step is under way$/)],
    });
    await appendFile(join(files.directory, second, 'plan/plan.txt'), ' ');
    expect((await verify()).problems).toEqual([
      expect.stringMatching(new RegExp(`^run ${second}, plan/plan.txt on this disk`)),
    ]);
    await rename(join(files.directory, second, 'plan'), join(files.directory, second, 'plan.bak'));
    expect((await verify()).problems).toEqual([]);
  });
});
