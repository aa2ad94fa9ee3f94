/** graphile-worker with its defaults: a worker is woken by NOTIFY. */
import { makeWorkerUtils, run } from 'graphile-worker';
import { nowMs, serve, settings, tell } from './protocol.ts';

const { role, databaseUrl: connectionString, concurrency } = settings();

if (role === 'worker') {
  await run({
    connectionString,
    concurrency,
    noHandleSignals: true,
    taskList: {
      bench: (payload) => {
        const atMs = nowMs();
        tell({ is: 'began', id: (payload as { id: string }).id, atMs });
      },
    },
  });
  await serve();
} else {
  const utils = await makeWorkerUtils({ connectionString });
  await serve({ enqueue: async (id) => void (await utils.addJob('bench', { id })) });
}
