/** pg-boss, variant `notify` (LISTEN/NOTIFY) or `poll` (its default: a look every two seconds). */
import { PgBoss } from 'pg-boss';
import { nowMs, serve, settings, tell } from './protocol.ts';

const QUEUE = 'bench';
const { role, databaseUrl, variant } = settings();
const notify = variant === 'notify';

const boss = new PgBoss({ connectionString: databaseUrl, useListenNotify: notify });
boss.on('error', (error) => process.stderr.write(`${String(error)}\n`));
await boss.start();
await boss.createQueue(QUEUE, { notify });

if (role === 'worker') {
  await boss.work<{ id: string }>(QUEUE, (jobs) => {
    const atMs = nowMs();
    for (const { data } of jobs) tell({ is: 'began', id: data.id, atMs });
    return Promise.resolve();
  });
}

await serve(
  role === 'worker' ? {} : { enqueue: async (id) => void (await boss.send(QUEUE, { id })) },
);
