/** The only place where adapters are built: settings in, ports out. */
import { join } from 'node:path';
import type { SupabaseClient } from '@supabase/supabase-js';
import { checkFolders } from './adapters/disk/check.ts';
import { createDiskStore } from './adapters/disk/disk-store.ts';
import { daemonId } from './adapters/disk/daemon-id.ts';
import { createSweepMemory } from './adapters/disk/sweep-memory.ts';
import { acquireLock, readLock, type Lock, type LockHolder } from './adapters/disk/process-lock.ts';
import { openFolder } from './adapters/disk/folder.ts';
import { createTemplateSource } from './adapters/disk/template-source.ts';
import type { Embedded } from './adapters/embedded/embedded.ts';
import { joinEmbedded } from './adapters/embedded/join.ts';
import { createLogger, type Logger } from './adapters/log/logger.ts';
import { createMetrics } from './adapters/metrics/metrics.ts';
import { createChartReader } from './adapters/supabase/chart-reader.ts';
import { checkDatabase } from './adapters/supabase/check.ts';
import { checkFeed } from './adapters/supabase/check-feed.ts';
import { connect } from './adapters/supabase/client.ts';
import { createEventStore } from './adapters/supabase/event-store.ts';
import { createLeadDirectory } from './adapters/supabase/lead-directory.ts';
import { createLeadFeed } from './adapters/supabase/lead-feed.ts';
import { createLeadMover, createLeadReader } from './adapters/supabase/lead-reader.ts';
import { createOutbox } from './adapters/supabase/outbox.ts';
import { createPageStore } from './adapters/supabase/page-store.ts';
import { createRecoveryStore } from './adapters/supabase/recovery-store.ts';
import { createRetentionStore } from './adapters/supabase/retention-store.ts';
import { armCrashPoints } from './adapters/system/crash-points.ts';
import { scheduleDaily } from './adapters/system/cron.ts';
import { systemClock } from './adapters/system/clock.ts';
import { systemRandom } from './adapters/system/random.ts';
import { openSupervisor, type Supervisor } from './adapters/system/supervisor.ts';
import type { Config } from './config.ts';
import { dashboardUrlOf } from './config-dashboard.ts';
import { UNARMED } from './core/crash-points.ts';
import { createHeldUp } from './shell/held-up.ts';
import { migrationsDir, templatesDir } from './package-root.ts';
import type {
  ArtifactStore,
  CrashPoints,
  EventStore,
  Finding,
  LeadDirectory,
  Log,
  Notifier,
  Outbox,
  PageStore,
  Progress,
  RecoveryStore,
  TemplateSource,
} from './ports.ts';
import type { Metrics } from './ports-metrics.ts';
import type { RetentionStore } from './ports-retention.ts';
import type { ChartReader, LeadMover, LeadReader } from './ports-dashboard.ts';
import type { AccountDeps } from './shell/chat-account.ts';
import type { DaemonDeps } from './shell/daemon.ts';
import type { TellingOptions } from './shell/deliver.ts';
import type { ShellDeps } from './shell/deps.ts';
import { meteredStore } from './shell/metered-store.ts';
import { patientStore } from './shell/patient-store.ts';
import { openAccount, openChatDriver } from './wire-chat.ts';

export { openFolder };
export { serviceHost, type FolderOwner, type ServiceHost } from './adapters/system/service-host.ts';
export { logInToChat, openAccount, openChatDriver, readAccount } from './wire-chat.ts';

/** The machine's own clock and randomness. */
export const systemPorts = { clock: systemClock, random: systemRandom };

export type { Logger } from './adapters/log/logger.ts';

export interface Database {
  readonly kind: 'hosted' | 'embedded';
  readonly url: string;
  readonly secretKey: string;
  readonly publishableKey: string | null;
  readonly client: SupabaseClient;
  readonly store: EventStore;
  readonly directory: LeadDirectory;
  readonly outbox: Outbox;
  readonly pages: PageStore;
  readonly recovery: RecoveryStore;
  readonly retention: RetentionStore;
  readonly reader: LeadReader;
  readonly mover: LeadMover;
  readonly charts: ChartReader;
  /** For `doctor`. */
  check(): Promise<Finding[]>;
  /** For `doctor`: subscribes to leads, once a process. */
  checkFeed(log: Log, signal: AbortSignal): Promise<Finding>;
  /** Resolves with the reason when the embedded server ends by itself; never when it is not ours. */
  readonly lost: Promise<string>;
  close(): Promise<void>;
}

export function openLog(config: Config, terminal: NodeJS.WritableStream, isTty: boolean): Logger {
  return createLogger({
    level: config.logLevel,
    file: join(config.home, 'logs', 'planline.log'),
    pretty: { destination: terminal, level: 'warn', colors: isTty },
    secrets: config.secrets,
  });
}

const NEVER = new Promise<string>(() => undefined);

/** What a finding says already need not stand in the terminal a second time. */
function hushed(log: Log): Log {
  const debug: Log['debug'] = (fields, message) => log.debug(fields, message);
  return { ...log, debug, info: debug, warn: debug };
}

function assemble(
  access: { kind: Database['kind']; url: string; secretKey: string; publishableKey: string | null },
  embedded: Embedded | null,
): Database {
  const client = connect(access, () => systemRandom.fraction());
  return {
    ...access,
    client,
    store: createEventStore(client),
    directory: createLeadDirectory(client),
    outbox: createOutbox(client),
    pages: createPageStore(client),
    recovery: createRecoveryStore(client),
    retention: createRetentionStore(client),
    reader: createLeadReader(client),
    mover: createLeadMover(client),
    charts: createChartReader(client),
    check: () =>
      checkDatabase(client, { embedded: access.kind === 'embedded', clock: systemClock }),
    checkFeed: (log, signal) =>
      checkFeed(createLeadFeed({ client, ...systemPorts, log: hushed(log) }), systemClock, signal),
    lost: embedded === null ? NEVER : embedded.exited.then((exit) => exit.reason),
    async close() {
      await embedded?.stop();
    },
  };
}

/**
 * The hosted project, the embedded Supabase that already runs, or one started for us. With `own`
 * never another process's: a daemon would lose it as soon as that process, a short command, ends.
 */
export async function openDatabase(
  config: Config,
  log: Log,
  { own }: { own: boolean } = { own: false },
): Promise<Database> {
  if (config.supabase !== null) {
    return assemble({ kind: 'hosted', ...config.supabase, publishableKey: null }, null);
  }
  const joined = await joinEmbedded({ home: config.home, migrationsDir, log, own });
  const { embedded, ...access } = joined;
  return assemble({ kind: 'embedded', ...access }, embedded);
}

/** For `doctor`: the folders that planline writes to. */
export function checkDisk({ home, runsDir, coldStorageDir }: Config): Promise<Finding[]> {
  return checkFolders([
    { setting: 'PLANLINE_HOME', path: home, isPrivate: true },
    { setting: 'RUNS_DIR', path: runsDir, isPrivate: true },
    ...(coldStorageDir === null
      ? []
      : [{ setting: 'COLD_STORAGE_DIR', path: coldStorageDir, isPrivate: true }]),
  ]);
}

function daemonLock(config: Config): string {
  return join(config.home, 'daemon.lock');
}

/** Only one process of a home works on leads: what it claimed and does not run was its own crash. */
export function lockHome(config: Config, purpose = 'planline daemon or sweep'): Promise<Lock> {
  return acquireLock(daemonLock(config), { purpose });
}

/** The process of this home that works on leads, or null. */
export function workerOf(config: Config): Promise<LockHolder | null> {
  return readLock(daemonLock(config));
}

/** The name by which this home holds leases and signs what it does. */
export function daemonOf(config: Config): Promise<string> {
  return daemonId(config.home);
}

/** Who started the daemon and watches over it. */
export function openSupervision({ supervisor }: Config, log: Log): Supervisor {
  return openSupervisor(supervisor !== null, { watchdogMs: supervisor?.watchdogMs ?? null, log });
}

/** To be called once a process: they count. */
export function openCrashPoints({ crashOrder }: Config): CrashPoints {
  return crashOrder === null ? UNARMED : armCrashPoints(crashOrder);
}

export function openArtifacts(
  config: Config,
  log: Log,
  crash: CrashPoints = UNARMED,
): ArtifactStore {
  const { runsDir, coldStorageDir } = config;
  return createDiskStore({ runsDir, coldStorageDir, clock: systemClock, log, crash });
}

export function openTemplates(config: Config): TemplateSource {
  return createTemplateSource(config.promptsDir ?? templatesDir);
}

/** More than these within the window, and the rest is told together. */
const TOLD_SINGLY = 3;
/** The most that the database takes for it. */
const EVERY_ONE = 1_000_000;

function tellingOf({ notify: { withNames, digestMs } }: Config): TellingOptions {
  const singles = digestMs === 0 ? EVERY_ONE : TOLD_SINGLY;
  return { withNames, pace: { singles, windowMs: digestMs } };
}

/** Their SDKs are loaded when they are set up: most commands tell nobody. */
export async function openNotifiers(config: Config): Promise<Notifier[]> {
  const notifiers: Notifier[] = [];
  const dashboardUrl = config.dashboard === null ? null : dashboardUrlOf(config.dashboard);
  if (config.slackWebhookUrl !== null) {
    const { createSlackNotifier } = await import('./adapters/notify/slack/slack.ts');
    const webhookUrl = config.slackWebhookUrl;
    notifiers.push(createSlackNotifier({ webhookUrl, dashboardUrl, clock: systemClock }));
  }
  if (config.email !== null) {
    const { createEmailNotifier } = await import('./adapters/notify/email/email.ts');
    notifiers.push(createEmailNotifier({ ...config.email, dashboardUrl }));
  }
  return notifiers;
}

/** Of one process; to be called once. */
export function openMetrics(): Metrics {
  return createMetrics();
}

export interface Workshop {
  readonly daemon: DaemonDeps;
  readonly shell: ShellDeps;
  readonly notifiers: readonly Notifier[];
  readonly telling: TellingOptions;
  readonly metrics: Metrics;
  close(): Promise<void>;
}

export interface WorkshopOptions {
  readonly progress: (event: Progress) => void;
  /** Ends the waiting for a database that cannot be reached. */
  readonly abort: AbortSignal;
  /** Ends the waiting for the next lead. */
  readonly stopping: AbortSignal;
  readonly crash: CrashPoints;
}

function dayIn(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  return (ms) => format.format(new Date(ms));
}

/** Everything that works on leads. */
export async function openWorkshop(
  config: Config,
  database: Database,
  log: Logger,
  { progress, abort, stopping, crash }: WorkshopOptions,
): Promise<Workshop> {
  const [clock, random] = [systemClock, systemRandom];
  const driver = await openChatDriver(config, log);
  const notifiers = await openNotifiers(config);
  const telling = tellingOf(config);
  const channels = notifiers.map((notifier) => notifier.channel);
  const { outbox, directory, retention, client } = database;
  const onNeedsOperator: AccountDeps['onNeedsOperator'] = (name, reason, sinceMs, untilPerson) =>
    outbox.put(
      `chat_needs_operator/${name}/${sinceMs}`,
      {
        kind: 'chat_needs_operator',
        driver: name,
        reason,
        ...(untilPerson ? { untilPerson } : {}),
      },
      channels,
    );
  const account = await openAccount(config, driver, log, onNeedsOperator, crash);
  const daemon = await daemonId(config.home);
  crash.reached('daemon_named');
  const metrics = openMetrics();
  const patient = patientStore(database.store, { clock, random, log, signal: abort, stopping });
  const shell: ShellDeps = {
    store: meteredStore(patient, metrics.meter),
    directory,
    retention,
    artifacts: openArtifacts(config, log, crash),
    templates: openTemplates(config),
    driver,
    account,
    heldUp: createHeldUp({
      clock,
      log,
      tell: (reason, sinceMs) =>
        outbox.put(`work_held_up/${daemon}/${sinceMs}`, { kind: 'work_held_up', reason }, channels),
    }),
    clock,
    random,
    log,
    crash,
    progress,
    keepOut: (value) => log.registerSecret(value),
    options: {
      daemon,
      leaseMs: config.leaseMs,
      maxRetries: config.maxRetries,
      retryBaseMs: config.retryBaseMs,
      maxRepairs: config.maxRepairs,
      blockCount: config.blockCount,
      leadConcurrency: config.leadConcurrency,
      chatConcurrency: config.chatConcurrency,
      channels,
    },
  };
  return {
    shell,
    notifiers,
    telling,
    metrics,
    daemon: {
      shell,
      feed: createLeadFeed({ client, clock, random, log }),
      outbox,
      notifiers,
      telling,
      pollMs: config.pollMs,
      schedule: (onTick, signal) =>
        scheduleDaily({
          cron: config.sweepCron,
          timeZone: config.sweepTz,
          memory: createSweepMemory(join(config.home, 'last-daily-sweep')),
          onTick,
          signal,
          clock,
          log,
          crash,
        }),
      dayOf: dayIn(config.sweepTz),
    },
    async close() {
      await driver.close();
      await Promise.all(notifiers.map((notifier) => notifier.close()));
    },
  };
}
