import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAccountStore } from '../../../src/adapters/disk/account-store.ts';
import { ChatError, PlanlineError } from '../../../src/core/errors.ts';
import type { ChatDriver, Finding } from '../../../src/ports.ts';
import { openChatAccount, type ChatAccount } from '../../../src/shell/chat-account.ts';
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
async function setUp() {
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
  const reopen = (): Promise<ChatAccount> =>
    openChatAccount({
      driver,
      store: createAccountStore(path),
      clock,
      log,
      async onNeedsOperator(...facts) {
        await telling();
        told.push(facts);
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

  it.each([
    ['plan_cap', capped()],
    ['rate_limited', limited()],
  ])('rests for an hour when %s names no end', async (_, error) => {
    const { account, clock } = await setUp();
    const untilMs = clock.now() + HOUR;
    await account.note(error);
    expect(await account.turn(NEVER)).toMatchObject({ ready: false, untilMs });
    clock.advance(HOUR);
    expect(await account.turn(NEVER)).toEqual({ ready: true });
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
