/** What works on leads, on a real database and a real disk, with the rehearsed chat. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { UNARMED } from '../../src/core/crash-points.ts';
import { createRehearsalDriver } from '../../src/adapters/chat/rehearsal/driver.ts';
import { createAccountStore } from '../../src/adapters/disk/account-store.ts';
import { createDiskStore } from '../../src/adapters/disk/disk-store.ts';
import { createTemplateSource } from '../../src/adapters/disk/template-source.ts';
import { connect } from '../../src/adapters/supabase/client.ts';
import { createEventStore } from '../../src/adapters/supabase/event-store.ts';
import { createLeadDirectory } from '../../src/adapters/supabase/lead-directory.ts';
import { createOutbox } from '../../src/adapters/supabase/outbox.ts';
import { createRecoveryStore } from '../../src/adapters/supabase/recovery-store.ts';
import { createRetentionStore } from '../../src/adapters/supabase/retention-store.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { templatesDir } from '../../src/package-root.ts';
import type { ChatDriver } from '../../src/ports.ts';
import { openChatAccount } from '../../src/shell/chat-account.ts';
import { createHeldUp } from '../../src/shell/held-up.ts';
import type { ShellDeps, ShellOptions } from '../../src/shell/deps.ts';
import { runLead, type RunOutcome } from '../../src/shell/run-lead.ts';
import { recordingLog } from './recording-log.ts';
import type { RunningTarget } from './supabase-targets.ts';

export interface DatabaseWorkshopOptions extends Partial<ShellOptions> {
  /** Where home and runs are. */
  readonly folder: string;
  readonly coldStorageDir?: string;
  readonly driver?: ChatDriver;
}

const LEASE_MS = 60_000;

export async function openDatabaseWorkshop(
  running: Pick<RunningTarget, 'url' | 'secretKey'>,
  { folder, coldStorageDir, driver: given, ...options }: DatabaseWorkshopOptions,
) {
  const client = connect({ url: running.url, secretKey: running.secretKey }, () => 0.5);
  const clock = systemClock;
  const log = recordingLog();
  const random = { uuid: () => randomUUID(), fraction: () => 0 };
  const driver = given ?? createRehearsalDriver({ clock, delayMs: 0 });
  const runsDir = join(folder, 'runs');
  const shell: ShellDeps = {
    store: createEventStore(client),
    directory: createLeadDirectory(client),
    retention: createRetentionStore(client),
    artifacts: createDiskStore({ runsDir, coldStorageDir: coldStorageDir ?? null, clock, log }),
    templates: createTemplateSource(templatesDir),
    driver,
    account: await openChatAccount({
      driver,
      store: createAccountStore(join(folder, 'chat-account.json')),
      pacing: null,
      crash: UNARMED,
      clock,
      random,
      log,
      onNeedsOperator: () => Promise.resolve(),
    }),
    heldUp: createHeldUp({ clock, log, tell: () => Promise.resolve() }),
    clock,
    random,
    log,
    progress: () => undefined,
    keepOut: () => () => undefined,
    crash: UNARMED,
    options: {
      daemon: 'd1',
      leaseMs: LEASE_MS,
      maxRetries: 0,
      retryBaseMs: 1,
      maxRepairs: 1,
      blockCount: 1,
      leadConcurrency: 1,
      chatConcurrency: 1,
      channels: [],
      ...options,
    },
  };
  const never = new AbortController().signal;
  return {
    client,
    shell,
    runsDir,
    outbox: createOutbox(client),
    /** What verify and rebuild take. */
    ports: { ...shell, recovery: createRecoveryStore(client) },
    /** Takes one lead as far as it goes. */
    async work(leadId: string): Promise<RunOutcome> {
      const { daemon, leaseMs } = shell.options;
      const claim = await shell.store.claim({ daemon, leaseMs, running: [], only: leadId });
      if (claim === null) throw new Error(`lead ${leadId} could not be claimed`);
      return runLead(shell, claim, { stopping: never, abort: never });
    },
  };
}

export type DatabaseWorkshop = Awaited<ReturnType<typeof openDatabaseWorkshop>>;
