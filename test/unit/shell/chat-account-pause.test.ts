import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAccountStore } from '../../../src/adapters/disk/account-store.ts';
import { createRehearsalDriver } from '../../../src/adapters/chat/rehearsal/driver.ts';
import { UNARMED } from '../../../src/core/crash-points.ts';
import { ChatError } from '../../../src/core/errors.ts';
import type { Pacing } from '../../../src/core/pacing.ts';
import { openChatAccount } from '../../../src/shell/chat-account.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const NEVER = new AbortController().signal;
const NO_PACING: Pacing = { gapMs: 0, perHour: null, quiet: null, timeZone: 'UTC' };
const DAY_MS = 24 * 3_600_000;

async function setUp() {
  const clock = manualClock('2026-11-24T10:00:00.000Z');
  const path = join(await tempFolder(), 'account.json');
  const store = createAccountStore(path);
  const told: string[] = [];
  const open = (pacing: Pacing | null = null) =>
    openChatAccount({
      driver: createRehearsalDriver({ clock }),
      store,
      pacing,
      clock,
      random: { uuid: () => 'unused', fraction: () => 0.5 },
      log: recordingLog(),
      crash: UNARMED,
      onNeedsOperator: async (_driver, reason) => void told.push(reason),
    });
  return { clock, path, store, told, open, account: await open() };
}

it('rests until a person resumes it, over restarts and however long', async () => {
  const { account, clock, open } = await setUp();
  await account.pause('Paused by the operator.');
  expect(await account.turn(NEVER)).toEqual({
    ready: false,
    untilMs: clock.now() + 60_000,
    reason: 'Paused by the operator.',
  });
  clock.advance(DAY_MS);
  const reopened = await open();
  expect(await reopened.turn(NEVER)).toMatchObject({ ready: false });
  await reopened.resume();
  expect(await reopened.turn(NEVER)).toEqual({ ready: true });
  expect(reopened.state()).toMatchObject({ at: 'ready', reason: null, sinceMs: null });
});

it('stays paused whatever prompts under way still meet, and tells nobody', async () => {
  const { account, told } = await setUp();
  await account.pause('Paused by the operator.');
  await account.note(new ChatError('rate_limited', 'Too many requests.', { untilMs: 1 }));
  await account.note(new ChatError('needs_operator', 'Log in.'));
  await account.succeeded();
  expect(account.state()).toMatchObject({ at: 'paused', reason: 'Paused by the operator.' });
  await account.turn(NEVER);
  expect(told).toEqual([]);
});

it('is resumed by another process as well', async () => {
  const { account, store } = await setUp();
  await account.pause('Paused by the operator.');
  await store.requestResume(account.state().sinceMs ?? 0);
  expect(await account.turn(NEVER)).toEqual({ ready: true });
});

it('lets a limit be asked again at once, by a resume', async () => {
  const { account, clock } = await setUp();
  await account.note(
    new ChatError('plan_cap', 'The plan is used up.', { untilMs: clock.now() + DAY_MS }),
  );
  expect(await account.turn(NEVER)).toMatchObject({ ready: false });
  await account.resume();
  expect(await account.turn(NEVER)).toEqual({ ready: true });
});

it('lets no process overwrite what another has noted: a pause, a limit, a send', async () => {
  const { account, open, clock } = await setUp();
  const other = await open({ ...NO_PACING, perHour: 2 });
  expect(await other.reserve(NEVER)).toEqual({ ready: true });
  await account.pause('Paused on the dashboard.');
  // An answer that comes now, and a limit, are noted by a process that was opened before the pause.
  await other.succeeded();
  await other.note(new ChatError('rate_limited', 'Too many requests.', { untilMs: clock.now() }));
  expect(await other.standing()).toMatchObject({
    ready: false,
    reason: 'Paused on the dashboard.',
  });
  expect(await other.reserve(NEVER)).toMatchObject({ ready: false });
  const reopened = await open();
  expect(reopened.state()).toMatchObject({ at: 'paused', reason: 'Paused on the dashboard.' });
  expect(reopened.state().sends.sentMs).toHaveLength(1);
  await other.resume();
  expect(await account.turn(NEVER)).toEqual({ ready: true });
});

it('says how it stands without asking the driver, whatever the pace', async () => {
  const { account, open } = await setUp();
  const paced = await open({ ...NO_PACING, perHour: 1 });
  await paced.reserve(NEVER);
  expect(await paced.turn(NEVER)).toMatchObject({ ready: false });
  expect(await paced.standing()).toEqual({ ready: true });
  await account.note(new ChatError('needs_operator', 'Log in.'));
  expect(await paced.standing()).toMatchObject({ ready: false, reason: 'Log in.' });
});

const suspicious = () =>
  new ChatError('needs_operator', 'Suspicious activity.', { untilPerson: true });

it('lets no check and no restart lift what only a person may', async () => {
  const { account, open, clock, told } = await setUp();
  await account.note(suspicious());
  // The rehearsal's check finds nothing wrong, and a prompt under way may still meet something less.
  await account.note(new ChatError('needs_operator', 'Log in.'));
  clock.advance(DAY_MS);
  expect(await account.turn(NEVER)).toMatchObject({ ready: false, reason: 'Suspicious activity.' });
  const reopened = await open();
  clock.advance(DAY_MS);
  expect(await reopened.turn(NEVER)).toMatchObject({ ready: false });
  expect(reopened.state()).toMatchObject({ at: 'needs_operator', untilPerson: true });
  await reopened.resume();
  expect(await reopened.turn(NEVER)).toEqual({ ready: true });
  expect(reopened.state()).toMatchObject({ untilPerson: false, reason: null, sinceMs: null });
  // The restart tells again under the same name; what comes back is news.
  told.length = 0;
  await reopened.note(suspicious());
  expect(told).toEqual(['Suspicious activity.']);
});

it('takes a resume from another process for what only a person may lift', async () => {
  const { account, store } = await setUp();
  await account.note(suspicious());
  await store.requestResume(account.state().sinceMs ?? 0);
  expect(await account.turn(NEVER)).toEqual({ ready: true });
});

it('reads a state that was stored before it told what only a person may lift', async () => {
  const { account, open, path } = await setUp();
  await account.note(new ChatError('needs_operator', 'Log in.'));
  const { untilPerson: _, ...old } = account.state();
  await writeFile(path, JSON.stringify(old));
  expect((await open()).state()).toMatchObject({ at: 'needs_operator', untilPerson: false });
});
