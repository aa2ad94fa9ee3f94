import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fold } from '../../machines/fold.ts';
import { createDiskStore } from '../../src/adapters/disk/disk-store.ts';
import { connect } from '../../src/adapters/supabase/client.ts';
import { createEventStore } from '../../src/adapters/supabase/event-store.ts';
import { createLeadDirectory } from '../../src/adapters/supabase/lead-directory.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { UNARMED } from '../../src/core/crash-points.ts';
import { PlanlineError } from '../../src/core/errors.ts';
import { findChainFault, sha256Hex } from '../../src/core/hash-chain.ts';
import { migrationsDir } from '../../src/package-root.ts';
import type { AppendRequest, EventStore } from '../../src/ports.ts';
import { catchUp, openStream, type Fact } from '../../src/shell/lead-stream.ts';
import { patientStore } from '../../src/shell/patient-store.ts';
import { recordingLog } from '../support/recording-log.ts';
import { sampleEvents } from '../support/sample-events.ts';
import { supabaseTargets, type RunningTarget } from '../support/supabase-targets.ts';
import { tempFolder } from '../support/temp-folder.ts';

const DESCRIPTION = 'I want to learn';
const RUN = '20261123_100000';
const LEASE_MS = 60_000;
const random = { uuid: () => randomUUID(), fraction: () => 0 };

const started: Fact = {
  type: 'run.started',
  runId: RUN,
  statusTo: 'processing',
  data: {
    description_sha256: sha256Hex(DESCRIPTION),
    description_chars: DESCRIPTION.length,
    block_count: 2,
    driver: 'rehearsal',
    artifacts: [],
  },
};

const failed = (reason: string): Fact => ({
  type: 'attempt.failed',
  data: {
    step: 'input_transform',
    n: 1,
    attempt: 1,
    code: 'retryable',
    reason,
    retry_at: null,
    keeps_request: false,
  },
});

describe('the stream of a lead on the embedded database', () => {
  let running: RunningTarget;
  beforeAll(async () => {
    const [embedded] = supabaseTargets;
    if (embedded === undefined) throw new Error('there is no embedded target');
    running = await embedded.start({ migrationsDir });
  });
  afterAll(() => running.stop());

  /** A claimed lead whose stream can be opened by a store of the test's own. */
  async function claimedLead() {
    const client = connect({ url: running.url, secretKey: running.secretKey }, () => 0.5);
    const [store, directory] = [createEventStore(client), createLeadDirectory(client)];
    const id = await directory.add({ description: DESCRIPTION });
    const claim = await store.claim({ daemon: 'd1', leaseMs: LEASE_MS, running: [], only: id });
    if (claim === null) throw new Error('the lead could not be claimed');
    const runsDir = await tempFolder();
    const log = recordingLog();
    const artifacts = createDiskStore({ runsDir, coldStorageDir: null, clock: systemClock, log });
    const files = artifacts.lead(id);
    const deps = { files, clock: systemClock, random, log, daemon: 'd1', crash: UNARMED };
    const path = join(files.directory, 'events.jsonl');
    return {
      id,
      client,
      store,
      directory,
      claim,
      log,
      path,
      files,
      deps: { ...deps, store },
      open: (own: EventStore = store) => openStream(id, claim.epoch, { ...deps, store: own }),
      hand: (change: Record<string, unknown>) =>
        client.from('junior_leads').update(change).eq('id', id),
      /** Database and log hold the same stream, and it is whole. */
      expectWhole: async () => {
        const [stored, logged] = [await store.read(id, 0), await files.readEvents()];
        expect(logged).toEqual(stored);
        expect(findChainFault(stored)).toBeNull();
        return stored;
      },
    };
  }

  /** Notes what is appended at once, and may make an append fail after or before it was made. */
  function observed(store: EventStore) {
    const requests: AppendRequest[] = [];
    let lose = false;
    let before: () => Promise<unknown> = async () => undefined;
    const own: EventStore = {
      ...store,
      async append(request) {
        requests.push(request);
        await before();
        const stored = await store.append(request);
        if (!lose) return stored;
        lose = false;
        throw new PlanlineError('unavailable', 'The answer was lost.');
      },
    };
    return {
      own,
      requests,
      loseNextAnswer: () => {
        lose = true;
      },
      beforeEach: (next: typeof before) => {
        before = next;
      },
    };
  }

  it('begins with what the database has, and writes it into the log', async () => {
    const { open, expectWhole } = await claimedLead();
    const stream = await open();
    expect(stream.state()).toMatchObject({ at: 'flagged', status: 'flagged', seq: 2 });
    expect((await expectWhole()).map(({ type }) => type)).toEqual(['lead.flagged', 'lead.claimed']);
  });

  it('puts what is appended into database and log before it resolves', async () => {
    const { open, expectWhole, directory, id } = await claimedLead();
    const stream = await open();
    await stream.append([started], { patch: { retry_count: 0 } });
    expect(stream.state()).toMatchObject({ at: 'processing.input_transform', seq: 3 });
    await stream.append([failed('no answer')], {
      patch: { retry_count: 1, last_error: 'no answer' },
    });
    const events = await expectWhole();
    expect(events.slice(2)).toMatchObject([
      { type: 'run.started', run_id: RUN, actor: 'd1', status_to: 'processing' },
      { type: 'attempt.failed', run_id: RUN, status_to: null },
    ]);
    expect(fold(events)).toEqual(stream.state());
    expect(await directory.get(id)).toMatchObject({
      status: 'processing',
      retry_count: 1,
      last_error: 'no answer',
    });
  });

  it('sends appends that come while one is under way together, in order', async () => {
    const { open, expectWhole, store, directory, id } = await claimedLead();
    const { own, requests } = observed(store);
    const stream = await open(own);
    await stream.append([started]);
    const reasons = Array.from({ length: 20 }, (_, n) => `reason ${n}`);
    await Promise.all(
      reasons.map((reason, n) =>
        stream.append([failed(reason)], { patch: { last_error: reason, retry_count: n } }),
      ),
    );
    // The first is on its way when the other nineteen come.
    expect(requests.map(({ events }) => events.length)).toEqual([1, 1, 19]);
    const events = await expectWhole();
    expect(events.slice(3).map(({ data }) => data['reason'])).toEqual(reasons);
    // Later facts win on the row.
    expect(await directory.get(id)).toMatchObject({ last_error: 'reason 19', retry_count: 19 });
  });

  it('carries the artifacts of all, and counts the prompts that are saved together', async () => {
    const { open, store, directory, id } = await claimedLead();
    const stream = await open();
    await stream.append([started]);
    const progress = {
      run_id: RUN,
      step: 'input_transform' as const,
      prompts_done: 3,
      prompts_total: 6,
    };
    const saved = (n: number) => {
      const content = `reply ${n}`;
      const ref = { path: `reply${n}.txt`, sha256: sha256Hex(content), bytes: content.length };
      const fact: Fact = {
        type: 'prompt.saved',
        data: { step: 'input_transform', n, reply: ref, meta: ref },
      };
      return { fact, ref, along: { artifacts: [{ ...ref, content }] } };
    };
    const prompts = [1, 2, 3].map(saved);
    const patch = { pipeline_progress: progress };
    await Promise.all(prompts.map(({ fact, along }) => stream.append([fact], { ...along, patch })));
    for (const [index, { ref }] of prompts.entries()) {
      expect(await store.artifact(id, RUN, ref)).toBe(`reply ${index + 1}`);
    }
    // The first travelled alone, the other two together: each request counts its own.
    const row = await directory.get(id);
    expect(row?.pipeline_progress).toMatchObject({ prompts_done: 5 });
  });

  it('takes a hand edit in and appends behind it, when the facts still hold', async () => {
    const { open, expectWhole, hand } = await claimedLead();
    const stream = await open();
    await stream.append([started]);
    expect((await hand({ plan: 'my own plan' })).error).toBeNull();
    await stream.append([failed('no answer')]);
    const events = await expectWhole();
    expect(events.slice(2).map(({ type }) => type)).toEqual([
      'run.started',
      'lead.edited',
      'attempt.failed',
    ]);
    expect(stream.state().seq).toBe(5);
  });

  it.each([
    ['withdrawn', { status: 'on hold' }, 'lead.withdrawn', 'idle'],
    ['flagged again', { status: 'flagged' }, 'lead.flagged', 'flagged'],
  ])('refuses facts that a lead %s cannot take', async (_, change, type, at) => {
    const { open, expectWhole, hand, directory, id } = await claimedLead();
    const stream = await open();
    await stream.append([started]);
    expect((await hand(change)).error).toBeNull();
    await expect(
      stream.append([failed('no answer')], { patch: { last_error: 'no answer' } }),
    ).rejects.toMatchObject({ code: 'lead_moved' });
    expect(stream.state().at).toBe(at);
    expect((await expectWhole()).at(-1)?.type).toBe(type);
    expect(await directory.get(id)).toMatchObject({ ...change, last_error: null });
    // The stream is not spoilt by the refusal.
    await hand({ status: 'flagged' });
    await stream.refresh();
    await stream.append([{ ...started, runId: '20261123_110000' }]);
    expect(stream.state().run?.runId).toBe('20261123_110000');
    await expectWhole();
  });

  it('refuses facts that were decided in another state of the lead', async () => {
    const { open, expectWhole, hand } = await claimedLead();
    const stream = await open();
    await stream.append([started]);
    const decidedAt = stream.state().at;
    await hand({ status: 'flagged' });
    const blocked: Fact = {
      type: 'lead.blocked',
      statusTo: 'blocked',
      data: { step: 'input_transform', n: 1, code: 'retryable', reason: 'no answer' },
    };
    // A flagged lead could be blocked, but not by what came before it was flagged.
    await expect(stream.append([blocked], { onlyAt: decidedAt })).rejects.toMatchObject({
      code: 'lead_moved',
    });
    expect((await expectWhole()).at(-1)?.type).toBe('lead.flagged');
  });

  it('refuses what the chart could never take, without asking the database', async () => {
    const { open, store } = await claimedLead();
    const { own, requests } = observed(store);
    const stream = await open(own);
    await expect(stream.append([failed('before the start')])).rejects.toMatchObject({
      code: 'lead_moved',
    });
    expect(requests).toEqual([]);
  });

  it('gives up when another daemon holds the lead, and writes nothing', async () => {
    const { open, store, id, claim, expectWhole } = await claimedLead();
    const stream = await open();
    await store.release(id, claim.epoch, { delayMs: 0, seenSeq: 2 });
    await store.claim({ daemon: 'd2', leaseMs: LEASE_MS, running: [], only: id });
    await expect(stream.append([started])).rejects.toMatchObject({ code: 'stale_lease' });
    await stream.refresh();
    expect((await expectWhole()).map(({ actor }) => actor)).toEqual([
      expect.stringMatching(/^hand:/) as unknown,
      'd1',
      'd2',
    ]);
  });

  it('appends once what it repeats after a lost answer, even when others were faster', async () => {
    const { open, store, expectWhole, hand, log } = await claimedLead();
    const { own, requests, loseNextAnswer, beforeEach } = observed(store);
    const signal = new AbortController().signal;
    const clock = { ...systemClock, sleep: async () => undefined };
    const stream = await open(patientStore(own, { clock, random, log, signal, stopping: signal }));
    loseNextAnswer();
    await stream.append([started]);
    expect(requests).toHaveLength(2);
    await expectWhole();

    loseNextAnswer();
    // Between the append that was made and its repetition a hand edits the lead.
    beforeEach(async () => {
      if (requests.length === 4) await hand({ plan: 'my own plan' });
    });
    await stream.append([failed('no answer')]);
    await stream.refresh();
    const events = await expectWhole();
    expect(events.slice(2).map(({ type }) => type)).toEqual([
      'run.started',
      'attempt.failed',
      'lead.edited',
    ]);
    expect(stream.state().seq).toBe(5);
  });

  describe('opened again', () => {
    /** A lead with five events, its log edited by the test, and its stream opened anew. */
    async function reopened(edit: (text: string) => string | Promise<string>) {
      const lead = await claimedLead();
      const stream = await lead.open();
      await stream.append([started]);
      await stream.append([failed('one'), failed('two')]);
      const before = await readFile(lead.path, 'utf8');
      await writeFile(lead.path, await edit(before));
      const again = await lead.open();
      expect(again.state()).toEqual(stream.state());
      await lead.expectWhole();
      expect(await readFile(lead.path, 'utf8')).toBe(before);
      await again.append([failed('three')]);
      await lead.expectWhole();
      const names = await readdir(lead.files.directory);
      const aside = names.filter((name) => /^events\..+\.jsonl$/.test(name));
      const kept = await Promise.all(
        aside.map((name) => readFile(join(lead.files.directory, name), 'utf8')),
      );
      return { aside, kept, before, log: lead.log };
    }

    it('leaves a log alone that holds all of it', async () => {
      const { aside, log } = await reopened((text) => text);
      expect(aside).toEqual([]);
      expect(log.records).toEqual([]);
    });

    it('fills a log up that lags', async () => {
      const { aside } = await reopened((text) => `${text.split('\n').slice(0, 3).join('\n')}\n`);
      expect(aside).toEqual([]);
    });

    it('writes a log anew that is empty', async () => {
      const { aside } = await reopened(() => '');
      expect(aside).toEqual([]);
    });

    it('cuts a torn last line off, keeps it, and fills the log up', async () => {
      const { aside, kept, before } = await reopened((text) => text.slice(0, -40));
      expect(aside).toEqual([expect.stringMatching(/^events\.torn\./) as unknown]);
      const last = before.trimEnd().split('\n').at(-1) ?? '';
      expect(kept).toEqual([last.slice(0, last.length - 39)]);
    });

    it('sets a log aside that was edited, and writes it anew from the database', async () => {
      const edit = (text: string): string => text.replace('"reason":"one"', '"reason":"another"');
      const { aside, kept, before, log } = await reopened(edit);
      expect(aside).toEqual([expect.stringMatching(/^events\.differs\./) as unknown]);
      expect(kept).toEqual([edit(before)]);
      expect(log.records).toMatchObject([{ level: 'warn', fields: { seq: 4, aside: aside[0] } }]);
    });

    it('sets a log aside that is whole in itself, but not of this database', async () => {
      let foreign = '';
      const { aside, kept } = await reopened((text) => {
        const id = /"lead_id":"([^"]+)"/.exec(text)?.[1] ?? '';
        foreign = sampleEvents(id, 5)
          .map((event) => `${JSON.stringify(event)}\n`)
          .join('');
        return foreign;
      });
      expect(aside).toEqual([expect.stringMatching(/^events\.differs\./) as unknown]);
      expect(kept).toEqual([foreign]);
    });

    it('sets a log aside that knows more than the database', async () => {
      const { aside } = await reopened((text) => {
        const id = /"lead_id":"([^"]+)"/.exec(text)?.[1] ?? '';
        return sampleEvents(id, 9)
          .map((event) => `${JSON.stringify(event)}\n`)
          .join('');
      });
      expect(aside).toEqual([expect.stringMatching(/^events\.differs\./) as unknown]);
    });

    it('sets a log aside that holds what is no event', async () => {
      const { aside, kept, before } = await reopened((text) => `{"hello":"world"}\n${text}`);
      expect(aside).toEqual([expect.stringMatching(/^events\.damaged\./) as unknown]);
      expect(kept).toEqual([`{"hello":"world"}\n${before}`]);
    });
  });

  it('is copied while nobody runs the lead, but only where there is a log of it', async () => {
    const { open, hand, deps, id, expectWhole, files } = await claimedLead();
    await catchUp(id, deps);
    expect(await files.readEvents()).toEqual([]);
    await open();
    await hand({ plan: 'my own plan' });
    expect(await files.readEvents()).toHaveLength(2);
    await catchUp(id, deps);
    expect(await expectWhole()).toHaveLength(3);
    await catchUp(id, deps);
    expect(await expectWhole()).toHaveLength(3);
  });
});
