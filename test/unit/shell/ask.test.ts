import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fold } from '../../../machines/fold.ts';
import { ChatError } from '../../../src/core/errors.ts';
import { sha256Hex } from '../../../src/core/hash-chain.ts';
import { effectKey } from '../../../src/core/lead-state.ts';
import type { ChatRequest } from '../../../src/ports.ts';
import { sweep } from '../../../src/shell/sweep.ts';
import { openTestWorkshop, TELLING } from '../../support/workshop.ts';

const DESCRIPTION =
  'I am 31 and have cooked in restaurants for nine years. I want to learn to code.';

type Workshop = Awaited<ReturnType<typeof openTestWorkshop>>;

async function setUp(options: Parameters<typeof openTestWorkshop>[0] = {}) {
  const workshop = await openTestWorkshop(options);
  const id = await workshop.database.directory.add({ description: DESCRIPTION });
  const run = () =>
    workshop.clock.through(
      sweep(
        { shell: workshop.shell, outbox: workshop.outbox, notifiers: [], telling: TELLING },
        workshop.signals,
      ),
    );
  return { workshop, id, run };
}

const typesOf = ({ database }: Workshop, id: string): string[] =>
  database.events(id).map(({ type }) => type);

async function runFolder({ shell }: Workshop, id: string): Promise<string> {
  const files = shell.artifacts.lead(id);
  const [runId = ''] = await files.runIds();
  return join(files.directory, runId);
}

const isLesson = ({ step }: ChatRequest): boolean => step === 'stage2';

describe('an answer that cannot be used', () => {
  it('is sent back in its conversation with what was wrong, and spends no attempt', async () => {
    const { workshop, id, run } = await setUp({ maxRetries: 0 });
    workshop.answers(async (rehearse, request, journal, signal) => {
      const reply = await rehearse(request, journal, signal);
      if (!isLesson(request) || request.follows !== null) return reply;
      return { ...reply, text: 'Sure!', ref: { kind: 'rehearsal', id: 'conversation-1' } };
    });
    expect(await run()).toMatchObject({ archived: [id], blocked: [] });

    const [first, second] = workshop.requests.filter(isLesson);
    expect(second?.text).toMatch(/^Your last answer cannot be used\. The lesson has 1 words/);
    expect(second?.text).not.toContain('cooked');
    expect(second?.sha256).toBe(sha256Hex(second?.text ?? ''));
    expect(second?.requestId).not.toBe(first?.requestId);
    expect(second?.follows).toEqual({
      ref: { kind: 'rehearsal', id: first?.requestId },
      prompt: first?.text,
      reply: 'Sure!',
    });
    expect(typesOf(workshop, id)).not.toContain('attempt.failed');
    expect(typesOf(workshop, id).filter((type) => type === 'prompt.refused')).toHaveLength(1);

    const folder = await runFolder(workshop, id);
    const meta = await readFile(join(folder, 'stage_2_generated_parts/part1.meta.json'), 'utf8');
    expect(JSON.parse(meta)).toMatchObject({
      prompt_sha256: first?.sha256,
      repairs: 1,
      request_id: second?.requestId,
    });
    expect(await readFile(join(folder, 'rejected/stage2_1_1.txt'), 'utf8')).toBe('Sure!');
  });

  it('is sent back so often, then an attempt is spent and the whole prompt asked anew', async () => {
    const { workshop, id, run } = await setUp({ maxRetries: 1, maxRepairs: 2 });
    let bad = 3;
    workshop.answers(async (rehearse, request, journal, signal) => {
      const reply = await rehearse(request, journal, signal);
      if (!isLesson(request)) return reply;
      bad -= 1;
      return bad < 0 ? reply : { ...reply, text: `Sure, ${bad}!` };
    });
    expect(await run()).toMatchObject({ archived: [id], blocked: [] });
    const lessons = workshop.requests.filter(isLesson);
    expect(lessons.map(({ follows }) => follows?.reply ?? null)).toEqual([
      null,
      'Sure, 2!',
      'Sure, 1!',
      null,
    ]);
    // What was of no use is not to be found again.
    expect(lessons[3]?.spent.map((ref) => ref.id)).toEqual(
      expect.arrayContaining([lessons[0]?.requestId, lessons[2]?.requestId]),
    );
    expect(typesOf(workshop, id).filter((type) => type === 'attempt.failed')).toHaveLength(1);
  });

  it('whose repair was under way at a crash is mended, not asked anew', async () => {
    const { workshop, id, run } = await setUp({ maxRetries: 0 });
    const crash = new Error('killed');
    workshop.answers(async (rehearse, request, journal, signal) => {
      if (isLesson(request) && request.follows !== null) {
        await journal.sent({ kind: 'rehearsal', id: 'the repair' });
        // As a kill would: no event says that anything failed.
        workshop.stopping.abort();
        workshop.abort.abort();
        throw crash;
      }
      const reply = await rehearse(request, journal, signal);
      return isLesson(request) ? { ...reply, text: 'Sure!' } : reply;
    });
    await run();
    const state = fold(workshop.database.events(id));
    expect(state.run?.prompts.get(effectKey('stage2', 1))).toMatchObject({
      phase: 'sent',
      ref: { id: 'the repair' },
      repair: { count: 1 },
    });

    const looked: ChatRequest[] = [];
    workshop.recovers(async (request, ref) => {
      looked.push(request);
      const text = Array.from({ length: 100 }, (_, n) => `word${n}`).join(' ');
      return {
        kind: 'answered',
        reply: { text, capture: 'test', complete: true, ref, model: null },
      };
    });
    const asked = workshop.requests.filter(isLesson).length;
    workshop.answers((rehearse, ...args) => rehearse(...args));
    const again = { stopping: new AbortController().signal, abort: new AbortController().signal };
    const { shell, outbox, clock } = workshop;
    expect(
      await clock.through(sweep({ shell, outbox, notifiers: [], telling: TELLING }, again)),
    ).toMatchObject({
      archived: [id],
    });
    expect(workshop.requests.filter(isLesson)).toHaveLength(asked);
    expect(looked.map(({ follows }) => follows?.reply)).toEqual(['Sure!']);
  });
});

describe('a prompt that fails', () => {
  it('leaves what the driver saw beside the failure, and names it in the log of the step', async () => {
    const { workshop, id, run } = await setUp();
    let failures = 2;
    workshop.beforeAnswer(async ({ step }) => {
      failures -= step === 'plan' ? 1 : 0;
      if (step !== 'plan' || failures < 0) return;
      throw new ChatError('retryable', 'The page showed an error.', {
        evidence: [
          { name: 'page.png', content: new Uint8Array([137, 80, 78, 71]) },
          { name: 'page.html', content: '<p>Something went wrong</p>' },
        ],
      });
    });
    expect(await run()).toMatchObject({ archived: [id] });
    const folder = await runFolder(workshop, id);
    expect((await readdir(join(folder, 'failures'))).toSorted()).toEqual([
      'plan_1_1.page.html',
      'plan_1_1.page.png',
      'plan_1_2.page.html',
      'plan_1_2.page.png',
    ]);
    const png = await readFile(join(folder, 'failures/plan_1_1.page.png'));
    expect([...png]).toEqual([137, 80, 78, 71]);
    const lines = (await readFile(join(folder, 'logs/plan.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { evidence: ['failures/plan_1_1.page.png', 'failures/plan_1_1.page.html'] },
      { evidence: ['failures/plan_1_2.page.png', 'failures/plan_1_2.page.html'] },
      { error: null, evidence: [] },
    ]);
    expect(JSON.stringify(workshop.log.records)).not.toContain('Something went wrong');
  });

  it('tells where its driver is', async () => {
    const { workshop, run, id } = await setUp();
    workshop.answers((rehearse, request, journal, signal) => {
      journal.phase('writing');
      return rehearse(request, journal, signal);
    });
    await run();
    expect(workshop.progress).toContainEqual({ kind: 'phase', leadId: id, phase: 'writing' });
  });
});

describe('the file of a prompt that an earlier step recorded', () => {
  const fileOf = (n: number): string => `parsed_parts/prompt_block_${n}.txt`;

  it('does not go to the database once more', async () => {
    const { workshop, id, run } = await setUp({ blockCount: 2 });
    const append = vi.spyOn(workshop.database.store, 'append');
    expect(await run()).toMatchObject({ archived: [id] });
    const paths = append.mock.calls.flatMap(([{ artifacts = [] }]) =>
      artifacts.map(({ path }) => path),
    );
    expect(paths.filter((path) => path === fileOf(1))).toHaveLength(1);
    const staged = workshop.database.events(id).filter(({ type }) => type === 'prompt.staged');
    expect(JSON.stringify(staged.map(({ data }) => data))).toContain(fileOf(1));
  });

  it('is what was asked, even when somebody edits it in the middle of the step', async () => {
    const { workshop, id, run } = await setUp({ blockCount: 2 });
    let atSending = '';
    workshop.answers(async (rehearse, request, journal, signal) => {
      if (isLesson(request)) {
        const second = join(await runFolder(workshop, id), fileOf(2));
        if (request.n === 1) await writeFile(second, 'something else');
        else atSending = await readFile(second, 'utf8');
      }
      return rehearse(request, journal, signal);
    });
    expect(await run()).toMatchObject({ archived: [id] });
    const asked = workshop.requests.find((request) => isLesson(request) && request.n === 2);
    expect(atSending).toBe(asked?.text);
    expect(atSending).not.toBe('something else');
  });
});
