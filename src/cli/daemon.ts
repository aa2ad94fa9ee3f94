import { Command } from 'commander';
import { PlanlineError } from '../core/errors.ts';
import { SAMPLE_DESCRIPTION } from '../core/sample-lead.ts';
import { runDaemon } from '../shell/daemon.ts';
import { openSupervision } from '../wire.ts';
import { banner, nextSteps } from './banner.ts';
import { saveCompiledCode } from './compile-cache.ts';
import type { DaemonDashboard } from './dashboard-server.ts';
import { withExample } from './example.ts';
import { withWorkSession, type WorkSession } from './work-session.ts';

/** A first try has something to watch: only where nothing real is there and nothing is paid for. */
async function addSampleLead({ config, database, terminal }: WorkSession): Promise<string | null> {
  const isTrial = database.kind === 'embedded' && config.chatDriver === 'rehearsal';
  if (!isTrial || (await database.directory.count()) > 0) return null;
  const id = await database.directory.add({ description: SAMPLE_DESCRIPTION });
  terminal.print(`The database is empty, so a sample lead was added and flagged:\n  ${id}\n`);
  return id;
}

/** Its code is loaded where it is wanted: without it a daemon starts sooner. */
async function openDashboard(session: WorkSession): Promise<DaemonDashboard | null> {
  const settings = session.config.dashboard;
  if (settings === null) return null;
  const { serveFromDaemon } = await import('./dashboard-server.ts');
  return serveFromDaemon(session, settings);
}

async function daemon(session: WorkSession): Promise<void> {
  const { config, database, terminal, workshop, stop, log, onProgress } = session;
  const dashboard = await openDashboard(session);
  terminal.print(banner(config, database, dashboard?.url ?? null));
  let failure: string | null = null;
  void database.lost.then((reason) => {
    if (stop.stopping.aborted) return;
    failure = reason;
    stop.request();
  });
  const sample = await addSampleLead(session);
  onProgress((event) => {
    if (event.kind === 'archived' && event.leadId === sample) {
      terminal.print(nextSteps(config, event));
    }
  });
  // By then everything has been compiled that work on a lead needs.
  onProgress(({ kind }) => {
    if (kind === 'archived') saveCompiledCode();
  });
  const supervisor = openSupervision(config, log);
  supervisor.ready();
  stop.stopping.addEventListener('abort', () => supervisor.stopping(), { once: true });
  try {
    await runDaemon(workshop.daemon, stop, (view) => dashboard?.show(view));
  } finally {
    supervisor.close();
    await dashboard?.close();
  }
  if (failure !== null) {
    log.error({ failure }, 'The embedded Supabase ended by itself');
    throw new PlanlineError(
      'unavailable',
      `The embedded Supabase ended by itself: ${String(failure)}\nStart planline again; nothing is lost.`,
    );
  }
  terminal.print('Stopped. What was under way goes on at the next start.');
}

export function daemonCommand(): Command {
  const command = new Command('daemon').action(() => withWorkSession(daemon));
  return withExample(command, 'planline daemon');
}
