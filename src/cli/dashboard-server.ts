/** The dashboard put together: by the daemon with all it can do, by `planline dashboard` for reading. */
import { hostname } from 'node:os';
import { isIP } from 'node:net';
import type { Config } from '../config.ts';
import { dashboardUrlOf } from '../config-dashboard.ts';
import { PlanlineError } from '../core/errors.ts';
import { timesIn } from '../core/times.ts';
import { createDashboard } from '../dashboard/app.ts';
import type { Access, DaemonStatus, DashboardDeps, LeadActions } from '../dashboard/deps.ts';
import { createChangeHub, type ChangeHub } from '../dashboard/live/changes.ts';
import { listen, type DashboardServer } from '../dashboard/server.ts';
import { version } from '../package-root.ts';
import type { Log } from '../ports.ts';
import type { Metrics } from '../ports-metrics.ts';
import type { DaemonView } from '../shell/daemon.ts';
import { forgetLead } from '../shell/forget.ts';
import { openArtifacts, openMetrics, systemPorts, type Database } from '../wire.ts';
import type { WorkSession } from './work-session.ts';

type Settings = NonNullable<Config['dashboard']>;

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** An IP address in Host is nobody's rebound name; of names only our own are taken. */
function accessOf({ host, token, url }: Settings): Access {
  const names = new Set([host.toLowerCase()]);
  if (url !== null) names.add(new URL(url).hostname.toLowerCase());
  if (token !== null) names.add(hostname().toLowerCase());
  return {
    token,
    ownOrigin: url === null ? null : new URL(url).origin,
    isOwnHost: (name) =>
      LOOPBACK_NAMES.has(name) ||
      names.has(name) ||
      (token !== null && isIP(name.replace(/^\[|\]$/g, '')) !== 0),
  };
}

interface Parts {
  readonly config: Config;
  readonly settings: Settings;
  readonly database: Database;
  readonly log: Log;
  readonly changes: ChangeHub;
  readonly daemon: DaemonStatus | null;
  readonly metrics: Metrics;
  readonly actions: LeadActions | null;
}

interface Eraser extends Pick<DaemonStatus, 'name'>, Pick<DaemonView, 'copyErasure'> {}

/** What is left to do by hand is in the log as well: the page says only that there is something. */
function actionsOf(
  { config, database, log }: Pick<WorkSession, 'config' | 'database' | 'log'>,
  { name, copyErasure }: Eraser,
): LeadActions {
  const artifacts = openArtifacts(config, log);
  return {
    ...database.mover,
    async forget(leadId, actor) {
      const forgotten = await forgetLead(
        { ...database, artifacts, daemon: name, copyLog: null },
        leadId,
        actor,
      );
      // Between runs, as only the daemon knows: none may write to the log at the same time.
      await copyErasure(forgotten.leadId);
      const { removed, ownColumns, elsewhere, unreachable, differing } = forgotten;
      const left = { unreachable, differing };
      log.info({ leadId, removed, ownColumns, elsewhere, ...left }, 'A lead was forgotten');
      return left;
    },
  };
}

function depsOf(parts: Parts): DashboardDeps {
  const { config, settings, database, log, changes, daemon, metrics, actions } = parts;
  return {
    version,
    store: database.store,
    directory: database.directory,
    artifacts: openArtifacts(config, log),
    outbox: database.outbox,
    metrics,
    reader: database.reader,
    charts: database.charts,
    clock: systemPorts.clock,
    times: timesIn(config.sweepTz),
    log,
    changes,
    daemon,
    actions,
    access: accessOf(settings),
  };
}

function changesOf(database: Database, log: Log): ChangeHub {
  const mark = (): Promise<string> => database.reader.changeMark();
  return createChangeHub({ clock: systemPorts.clock, log, mark });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function whyNotListening(error: unknown, { host, port }: Settings): string {
  const code = codeOf(error);
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken by another program, or by another planline. Set DASHBOARD_PORT to a free one, or to off.`;
  }
  if (code === 'EACCES') {
    return `This user may not listen on port ${port}. Set DASHBOARD_PORT to one above 1023, or to off.`;
  }
  return `${host}:${port} cannot be listened on (${code}). Set DASHBOARD_HOST and DASHBOARD_PORT, or DASHBOARD_PORT=off.`;
}

export interface DaemonDashboard {
  /** As the operator opens it. */
  readonly url: string;
  /** What the system page shows from now on. */
  show(view: DaemonView): void;
  close(): Promise<void>;
}

/** Null when it cannot listen: leads do not wait for a page about them. */
export async function serveFromDaemon(
  session: WorkSession,
  settings: Settings,
): Promise<DaemonDashboard | null> {
  const { config, database, log, workshop, onProgress } = session;
  const { shell } = workshop;
  const changes = changesOf(database, log);
  const startedMs = shell.clock.now();
  let view: DaemonView | null = null;
  const daemon: DaemonStatus = {
    name: shell.options.daemon,
    startedMs,
    state: () => view?.state() ?? 'starting',
    feed: () => view?.feed() ?? workshop.daemon.feed.health(),
    lastSweep: () => view?.lastSweep() ?? null,
    running: () => view?.running() ?? [],
    taken: () => view?.taken() ?? 0,
    account: {
      driver: shell.driver.name,
      state: () => shell.account.state(),
      pause: () => shell.account.pause('Paused on the dashboard.'),
      async resume() {
        await shell.account.resume();
        view?.poke();
      },
    },
  };
  const actions = actionsOf(session, {
    name: daemon.name,
    // Before there is a view, the start is still to look for erasures.
    copyErasure: async (leadId) => view?.copyErasure(leadId),
  });
  const { metrics } = workshop;
  let server: DashboardServer;
  try {
    const app = createDashboard(
      depsOf({ config, settings, database, log, changes, daemon, metrics, actions }),
    );
    server = await listen(app, settings);
  } catch (error) {
    log.warn({}, `There is no dashboard. ${whyNotListening(error, settings)}`);
    return null;
  }
  onProgress((event) => changes.tell(event.leadId));
  return {
    url: dashboardUrlOf(settings),
    show(given) {
      view = given;
    },
    async close() {
      changes.stop();
      await server.close();
    },
  };
}

/** For `planline dashboard`: throws `config` when it cannot listen. */
export async function serveAlone(
  config: Config,
  database: Database,
  log: Log,
): Promise<DashboardServer> {
  const settings = config.dashboard;
  if (settings === null) {
    throw new PlanlineError('config', 'DASHBOARD_PORT is off. Set it to a port, such as 4400.');
  }
  const changes = changesOf(database, log);
  const parts = { config, settings, database, log, changes, daemon: null, actions: null };
  const app = createDashboard(depsOf({ ...parts, metrics: openMetrics() }));
  try {
    const server = await listen(app, settings);
    return {
      url: dashboardUrlOf(settings),
      async close() {
        changes.stop();
        await server.close();
      },
    };
  } catch (cause) {
    const advice = 'A running daemon serves the dashboard already.';
    throw new PlanlineError('config', `${whyNotListening(cause, settings)} ${advice}`, { cause });
  }
}
