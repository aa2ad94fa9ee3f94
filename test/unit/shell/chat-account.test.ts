import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAccountStore } from '../../../src/adapters/disk/account-store.ts';
import { UNARMED } from '../../../src/core/crash-points.ts';
import { ChatError, PlanlineError } from '../../../src/core/errors.ts';
import type { ChatDriver, Finding } from '../../../src/ports.ts';
import { openChatAccount, type ChatAccount } from '../../../src/shell/chat-account.ts';
import type { Pacing } from '../../../src/core/pacing.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const NEVER = new AbortController().signal;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = '2026-11-23T10:00:00.000Z';

const WELL: Finding = { name: 'ChatGPT', level: 'ok', detail: 'well', action: null };
const WARNED: Finding = { ...WELL, level: 'warning' };
const ILL: Finding = { ...WELL, level: 'error', action: 'Set the key anew.' };

const wrongKey = (message = 'The server refused the key.') =>
  new ChatError('needs_operator', message);
const limited = (untilMs: number | null = null) =>
  new ChatError('rate_limited', 'Too many requests.', { untilMs });
const capped = (untilMs: number | null = null) =>
  new ChatError('plan_cap', 'The plan is used up.', { untilMs });

/** An account on a real file; `reopen` is what a restart of the process does. */
async function setUp(pacing: Pacing | null = null) {
  const clock = manualClock(START);
  const log = recordingLog();
  const path = join(await tempFolder(), 'chat-account.json');
  let findings: readonly Finding[] = [WELL];
  let checks = 0;
  const told: [driver: string, reason: string, sinceMs: number][] = [];
  let telling: () => Promise<void> = async () => undefined;
  const driver: ChatDriver = {
    name: 'scripted',
    ask: () => Promise.reject(new Error('an account asks nothing')),
    recover: () => Promise.reject(new Error('an account recovers nothing')),
    async check() {
      checks += 1;
      return [...findings];
    },
    close: async () => undefined,
  };
  const reopen = (paced = pacing): Promise<ChatAccount> =>
    openChatAccount({
      driver,
      store: createAccountStore(path),
      pacing: paced,
      clock,
      random: { uuid: () => 'unused', fraction: () => 0.5 },
      log,
      crash: UNARMED,
      async onNeedsOperator(name, reason, sinceMs) {
        await telling();
        told.push([name, reason, sinceMs]);
      },
    });
  return {
    clock,
    log,
    path,
    told,
    reopen,
    account: await reopen(),
    checks: () => checks,
    finds: (...next: readonly Finding[]) => {
      findings = next;
    },
    tells: (next: typeof telling) => {
      telling = next;
    },
  };
}

describe('a chat account that is limited', () => {
  it('is ready, rests until the stated time, and is ready again', async () => {
    const { account, clock, checks } = await setUp();
    expect(await account.turn(NEVER)).toEqual({ ready: true });
    const untilMs = clock.now() + 7 * MINUTE;
    await account.note(limited(untilMs));
    const resting = { ready: false, untilMs, reason: 'Too many requests.' };
    expect(await account.turn(NEVER)).toEqual(resting);
    clock.advance(7 * MINUTE - 1);
    expect(await account.turn(NEVER)).toEqual(resting);
    clock.advance(1);
    expect(await account.turn(NEVER)).toEqual({ ready: true });
    expect(account.state().at).toBe('ready');
    // A limit ends by itself: nobody is asked, nobody is told.
    expect(checks()).toBe(0);
  });

  it('rests for an hour when a used-up plan names no end', async () => {
    const { account, clock } = await setUp();
    const untilMs = clock.now() + HOUR;
    await account.note(capped());
    expect(await account.turn(NEVER)).toMatchObject({ ready: false, untilMs });
    clock.advance(HOUR);
    expect(await account.turn(NEVER)).toEqual({ ready: true });
  });

  it('rests ever longer, from five minutes to thirty, when a throttle names no end', async () => {
    const { account, clock, reopen } = await setUp();
    let current = account;
    const rests: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await current.note(limited());
      // Prompts that were under way together hit one throttle, not two.
      await current.note(limited());
      const turn = await current.turn(NEVER);
      if (turn.ready) throw new Error('the account was not noted as throttled');
      rests.push((turn.untilMs - clock.now()) / MINUTE);
      clock.advance(turn.untilMs - clock.now());
      current = await reopen();
      expect(await current.turn(NEVER)).toEqual({ ready: true });
    }
    expect(rests).toEqual([5, 10, 20, 30, 30]);
    await current.succeeded();
    await current.note(limited());
    expect(await current.turn(NEVER)).toMatchObject({ untilMs: clock.now() + 5 * MINUTE });
  });

  it('takes the later end of two limits that are hit together', async () => {
    const { account, clock } = await setUp();
    const late = clock.now() + HOUR;
    await account.note(limited(late));
    await account.note(limited(clock.now() + MINUTE));
    expect(await account.turn(NEVER)).toMatchObject({ untilMs: late });
    await account.note(capped(late + 1));
    expect(await account.turn(NEVER)).toMatchObject({ untilMs: late + 1 });
  });

  it('takes an end that has passed as passed', async () => {
    const { account, clock } = await setUp();
    await account.note(limited(clock.now() - 1));
    expect(await account.turn(NEVER)).toEqual({ ready: true });
  });

  it.each([new ChatError('retryable', 'cut off'), new ChatError('permanent', 'too long')])(
    'is none by an error of one prompt: $code',
    async (error) => {
      const { account } = await setUp();
      await account.note(error);
      expect(await account.turn(NEVER)).toEqual({ ready: true });
      expect(account.state()).toMatchObject({ at: 'ready', reason: null });
    },
  );

  it('rests on after a restart', async () => {
    const { account, reopen, clock } = await setUp();
    const untilMs = clock.now() + HOUR;
    await account.note(capped(untilMs));
    clock.advance(HOUR - 1);
    const reopened = await reopen();
    expect(reopened.state()).toEqual(account.state());
    expect(await reopened.turn(NEVER)).toMatchObject({ ready: false, untilMs });
    clock.advance(1);
    expect(await reopened.turn(NEVER)).toEqual({ ready: true });
  });
});

describe('a chat account that needs a person', () => {
  it('tells the operator once, however many prompts fail', async () => {
    const { account, told, clock, finds } = await setUp();
    finds(ILL);
    const sinceMs = clock.now();
    await account.note(wrongKey());
    clock.advance(10);
    await account.note(wrongKey());
    await account.turn(NEVER);
    clock.advance(MINUTE);
    await account.turn(NEVER);
    expect(told).toEqual([['scripted', 'The server refused the key.', sinceMs]]);
    expect(account.state()).toMatchObject({ at: 'needs_operator', sinceMs });
  });

  it('looks at the account at most once a minute, and resumes by itself once it is well', async () => {
    const { account, clock, checks, finds } = await setUp();
    finds(ILL);
    await account.note(wrongKey());
    const checkAtMs = clock.now() + MINUTE;
    expect(await account.turn(NEVER)).toMatchObject({ ready: false, untilMs: checkAtMs });
    clock.advance(MINUTE - 1);
    await account.turn(NEVER);
    expect(checks()).toBe(0);
    clock.advance(1);
    expect(await account.turn(NEVER)).toMatchObject({ ready: false, untilMs: checkAtMs + MINUTE });
    await account.turn(NEVER);
    expect(checks()).toBe(1);

    finds(WELL, WARNED);
    clock.advance(MINUTE);
    expect(await account.turn(NEVER)).toEqual({ ready: true });
    expect(checks()).toBe(2);
    // What was wrong is remembered until a prompt proves that it is over.
    expect(account.state()).toMatchObject({ at: 'ready', reason: 'The server refused the key.' });
    await account.succeeded();
    expect(account.state()).toMatchObject({ at: 'ready', reason: null, sinceMs: null });
  });

  it('is not news when a check saw nothing wrong, and is looked at ever less', async () => {
    const { account, clock, told, checks } = await setUp();
    await account.note(wrongKey());
    const waits: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const turn = await account.turn(NEVER);
      if (turn.ready) throw new Error('the account was not noted as needing a person');
      waits.push((turn.untilMs - clock.now()) / MINUTE);
      clock.advance(turn.untilMs - clock.now());
      expect(await account.turn(NEVER)).toEqual({ ready: true });
      await account.note(wrongKey());
    }
    expect(waits).toEqual([1, 1, 2, 4, 8, 16, 32, 60, 60]);
    expect(checks()).toBe(9);
    expect(told).toHaveLength(1);
  });

  it('is news when it was well in between, or when the reason is another', async () => {
    const { account, clock, told } = await setUp();
    await account.note(wrongKey());
    clock.advance(MINUTE);
    await account.turn(NEVER);
    await account.succeeded();
    await account.note(wrongKey());
    expect(told).toHaveLength(2);
    await account.note(wrongKey('The model is not known.'));
    expect(told.map(([, reason]) => reason)).toEqual([
      'The server refused the key.',
      'The server refused the key.',
      'The model is not known.',
    ]);
    expect(new Set(told.slice(0, 2).map(([, , sinceMs]) => sinceMs)).size).toBe(2);
  });

  it('comes before a limit', async () => {
    const { account, clock, finds } = await setUp();
    finds(ILL);
    await account.note(limited(clock.now() + MINUTE));
    await account.note(wrongKey());
    await account.note(limited(clock.now() + HOUR));
    expect(account.state()).toMatchObject({ at: 'needs_operator', untilMs: null });
  });

  it('is told again, as the same trouble, after a restart', async () => {
    const { account, reopen, told, finds, clock, checks } = await setUp();
    finds(ILL);
    await account.note(wrongKey());
    clock.advance(5);
    const reopened = await reopen();
    // A restart is when a person may have mended it: looked at once, at once.
    expect(await reopened.turn(NEVER)).toMatchObject({ ready: false });
    expect(checks()).toBe(1);
    await reopened.turn(NEVER);
    // The outbox tells one from the other by `sinceMs`: nobody is told twice.
    expect(told).toHaveLength(2);
    expect(told[1]).toEqual(told[0]);

    finds(WELL);
    const mended = await reopen();
    expect(await mended.turn(NEVER)).toEqual({ ready: true });
    expect(told).toHaveLength(2);
  });

  it('is told later when it could not be told at first', async () => {
    const { account, told, tells } = await setUp();
    tells(async () => {
      throw new PlanlineError('unavailable', 'no database');
    });
    await expect(account.note(wrongKey())).rejects.toMatchObject({ code: 'unavailable' });
    expect(account.state().at).toBe('needs_operator');
    tells(async () => undefined);
    expect(await account.turn(NEVER)).toMatchObject({ ready: false });
    expect(told).toHaveLength(1);
  });
});

describe('a chat account with a pace', () => {
  const pace = (given: Partial<Pacing>): Pacing => ({
    gapMs: 0,
    perHour: null,
    quiet: null,
    timeZone: 'UTC',
    ...given,
  });

  it('lets a short gap pass with the prompt in hand, jitter included', async () => {
    const { account, clock } = await setUp(pace({ gapMs: 20_000 }));
    const startMs = clock.now();
    expect(await account.reserve(NEVER)).toEqual({ ready: true });
    expect(clock.now()).toBe(startMs);
    expect(await account.turn(NEVER)).toEqual({ ready: true });
    expect(await account.reserve(NEVER)).toEqual({ ready: true });
    expect(clock.now()).toBe(startMs + 25_000);
  });

  it('gives two prompts that ask at once two turns', async () => {
    const { account, clock } = await setUp(pace({ gapMs: 20_000 }));
    const startMs = clock.now();
    const turns = await Promise.all([account.reserve(NEVER), account.reserve(NEVER)]);
    expect(turns).toEqual([{ ready: true }, { ready: true }]);
    expect(account.state().sends.nextMs).toBe(startMs + 50_000);
  });

  it('keeps the gap over a restart', async () => {
    const { account, reopen, clock } = await setUp(pace({ gapMs: 20_000 }));
    const startMs = clock.now();
    await account.reserve(NEVER);
    await (await reopen()).reserve(NEVER);
    expect(clock.now()).toBe(startMs + 25_000);
  });

  it('gives leads back once the hour is full, and goes on when a send has left it', async () => {
    const { account, reopen, clock } = await setUp(pace({ perHour: 2 }));
    const startMs = clock.now();
    await account.reserve(NEVER);
    clock.advance(10 * MINUTE);
    await account.reserve(NEVER);
    const full = {
      ready: false,
      untilMs: startMs + HOUR,
      reason: '2 prompts were sent within the last hour (CHAT_MAX_PER_HOUR)',
    };
    expect(await account.reserve(NEVER)).toEqual(full);
    expect(account.state()).toMatchObject({ at: 'pacing', untilMs: startMs + HOUR });
    const reopened = await reopen();
    expect(await reopened.turn(NEVER)).toEqual(full);
    clock.advance(50 * MINUTE);
    expect(await reopened.reserve(NEVER)).toEqual({ ready: true });
    expect(reopened.state().at).toBe('ready');
  });

  it('sends nothing in quiet hours', async () => {
    const { account, clock } = await setUp(
      pace({ quiet: { fromMinute: 9 * 60, toMinute: 11 * 60 } }),
    );
    const turn = await account.turn(NEVER);
    expect(turn).toEqual({
      ready: false,
      untilMs: Date.parse('2026-11-23T11:00:00.000Z'),
      reason: 'quiet hours (CHAT_QUIET_HOURS)',
    });
    clock.advance(HOUR);
    expect(await account.turn(NEVER)).toEqual({ ready: true });
  });

  it('stops waiting for its turn when it is told to', async () => {
    const { account } = await setUp(pace({ gapMs: 20_000 }));
    await account.reserve(NEVER);
    expect(await account.reserve(AbortSignal.abort())).toMatchObject({ ready: false });
  });

  it('rests for a limit all the same, and forgets no send meanwhile', async () => {
    const { account, clock } = await setUp(pace({ perHour: 1 }));
    await account.reserve(NEVER);
    const untilMs = clock.now() + 2 * MINUTE;
    await account.note(limited(untilMs));
    expect(await account.turn(NEVER)).toMatchObject({ ready: false, untilMs });
    clock.advance(2 * MINUTE);
    expect(await account.turn(NEVER)).toMatchObject({
      ready: false,
      untilMs: clock.now() + 58 * MINUTE,
    });
    expect(account.state().at).toBe('pacing');
  });

  it('is not held up any more once the pace is taken away', async () => {
    const { account, reopen } = await setUp(pace({ perHour: 1 }));
    await account.reserve(NEVER);
    await account.turn(NEVER);
    expect(account.state().at).toBe('pacing');
    const freed = await reopen(null);
    expect(await freed.turn(NEVER)).toEqual({ ready: true });
    expect(freed.state().at).toBe('ready');
  });
});

describe('a chat account that a person resumes', () => {
  it.each([
    ['needs a person', wrongKey()],
    ['cools down', capped()],
  ])('goes on at once when it %s, and only for that trouble', async (_, error) => {
    const { account, finds, path } = await setUp();
    finds(ILL);
    await account.note(error);
    const { sinceMs } = account.state();
    const elsewhere = createAccountStore(path);
    await elsewhere.requestResume((sinceMs ?? 0) - 1);
    expect(await account.turn(NEVER)).toMatchObject({ ready: false });
    await elsewhere.requestResume(sinceMs ?? 0);
    expect(await account.turn(NEVER)).toEqual({ ready: true });
    await account.note(wrongKey('The model is not known.'));
    expect(await account.turn(NEVER)).toMatchObject({ ready: false });
  });
});

describe('the file of a chat account', () => {
  it.each(['', 'not JSON', '[]', '{"at":"asleep"}'])(
    'that holds %j is one message that says what to do',
    async (content) => {
      const { path, reopen } = await setUp();
      await writeFile(path, content);
      await expect(reopen()).rejects.toMatchObject({
        code: 'config',
        message: `${path} does not hold the state of the chat account any more. Remove it; the account is then taken as ready.`,
      });
    },
  );
});
