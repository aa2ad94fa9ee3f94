/** Everything that works on leads, without network: the database in memory, files on a real disk. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { journaled } from '../../src/adapters/chat/journaled.ts';
import { createRehearsalDriver } from '../../src/adapters/chat/rehearsal/driver.ts';
import { createAccountStore } from '../../src/adapters/disk/account-store.ts';
import { createDiskStore } from '../../src/adapters/disk/disk-store.ts';
import { createTemplateSource } from '../../src/adapters/disk/template-source.ts';
import { UNARMED } from '../../src/core/crash-points.ts';
import { templatesDir } from '../../src/package-root.ts';
import type { ChatDriver, ChatRequest, Finding, Progress } from '../../src/ports.ts';
import { openChatAccount } from '../../src/shell/chat-account.ts';
import { createHeldUp } from '../../src/shell/held-up.ts';
import type { ShellDeps, ShellOptions } from '../../src/shell/deps.ts';
import { LENIENT } from './lenient-journal.ts';
import { memoryDatabase } from './memory-database.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { recordingLog } from './recording-log.ts';
import { tempFolder } from './temp-folder.ts';
import { virtualClock } from './virtual-clock.ts';

const LEASE_MS = 10 ** 12;

type Ask = ChatDriver['ask'];

/** Outside of a test the caller gives a folder, and removes it. */
export async function openTestWorkshop(options: Partial<ShellOptions> = {}, given?: string) {
  const folder = given ?? (await tempFolder());
  const clock = virtualClock('2026-11-23T10:00:00.000Z');
  const log = recordingLog();
  const outbox = memoryOutbox(clock);
  const database = memoryDatabase(clock, outbox);
  const rehearsal = createRehearsalDriver({ clock, delayMs: 0 });
  const progress: Progress[] = [];
  const asked: string[] = [];
  const requests: ChatRequest[] = [];
  let answer: Ask = (...args) => rehearsal.ask(...args);
  let recover: ChatDriver['recover'] = (...args) => rehearsal.recover(...args);
  let before: (...args: Parameters<Ask>) => Promise<void> = async () => undefined;
  let findings: readonly Finding[] = await rehearsal.check(new AbortController().signal);

  const driver: ChatDriver = {
    ...rehearsal,
    ask: (request, journal, signal) =>
      journaled(journal, signal, async () => {
        asked.push(`${request.step}/${request.n}`);
        requests.push(request);
        // What is under way is not begun again by the driver behind.
        const underWay = { ...journal, ...LENIENT };
        await before(request, underWay, signal);
        return answer(request, underWay, signal);
      }),
    recover: (...args) => recover(...args),
    check: async () => [...findings],
  };
  const random = { uuid: () => randomUUID(), fraction: () => 0 };
  const openAccount = () =>
    openChatAccount({
      driver,
      store: createAccountStore(join(folder, 'chat-account.json')),
      pacing: null,
      clock,
      random,
      log,
      crash: UNARMED,
      onNeedsOperator: (name, reason, sinceMs) =>
        outbox.put(
          `chat_needs_operator/${name}/${sinceMs}`,
          { kind: 'chat_needs_operator', driver: name, reason },
          ['slack'],
        ),
    });
  const shell: ShellDeps = {
    store: database.store,
    directory: database.directory,
    retention: database.retention,
    artifacts: createDiskStore({ runsDir: join(folder, 'runs'), coldStorageDir: null, clock, log }),
    templates: createTemplateSource(templatesDir),
    driver,
    account: await openAccount(),
    heldUp: createHeldUp({
      clock,
      log,
      tell: (reason, sinceMs) =>
        outbox.put(`work_held_up/d1/${sinceMs}`, { kind: 'work_held_up', reason }, ['slack']),
    }),
    clock,
    random,
    log,
    crash: UNARMED,
    progress: (event) => void progress.push(event),
    keepOut: () => () => undefined,
    options: {
      daemon: 'd1',
      leaseMs: LEASE_MS,
      maxRetries: 3,
      retryBaseMs: 30_000,
      maxRepairs: 1,
      blockCount: 1,
      leadConcurrency: 2,
      chatConcurrency: 1,
      channels: ['slack'],
      ...options,
    },
  };
  const stopping = new AbortController();
  const abort = new AbortController();
  return {
    shell,
    database,
    outbox,
    clock,
    log,
    progress,
    /** Prompts that were sent, as `step/n`. */
    asked,
    requests,
    /** What the driver does instead of rehearsing; `rehearse` is what it would have done. */
    answers: (next: (rehearse: Ask, ...args: Parameters<Ask>) => ReturnType<Ask>) => {
      answer = (...args) => next((...same) => rehearsal.ask(...same), ...args);
    },
    recovers: (next: ChatDriver['recover']) => {
      recover = next;
    },
    openAccount,
    stopping,
    abort,
    signals: { stopping: stopping.signal, abort: abort.signal },
    /** Called with each prompt before it is answered: it may wait, or throw. */
    beforeAnswer: (next: typeof before) => {
      before = next;
    },
    finds: (...next: readonly Finding[]) => {
      findings = next;
    },
    statusOf: async (leadId: string) => (await database.directory.get(leadId))?.status,
  };
}

/** How tests are told: each lead by itself, by its id. */
export const TELLING = { pace: { singles: 1_000, windowMs: 0 }, withNames: false };
