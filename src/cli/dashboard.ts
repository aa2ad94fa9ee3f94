import { once } from 'node:events';
import { Command } from 'commander';
import { serveAlone } from './dashboard-server.ts';
import { withExample } from './example.ts';
import { print } from './report.ts';
import { withDatabase } from './session.ts';
import { stopOnSignals } from './signals.ts';

export function dashboardCommand(): Command {
  const command = new Command('dashboard').action(() =>
    withDatabase(async ({ config, database, log }) => {
      const stop = stopOnSignals(() => print('Stopping …'));
      try {
        const server = await serveAlone(config, database, log);
        print(`Dashboard, reading only: ${server.url}\nCtrl+C stops.`);
        await once(stop.stopping, 'abort');
        await server.close();
      } finally {
        stop.dispose();
      }
    }),
  );
  return withExample(command, 'planline dashboard', 'DASHBOARD_PORT=8080 planline dashboard');
}
