/** openworkflow with its defaults: a worker polls, at most a second apart. */
import { OpenWorkflow } from 'openworkflow';
import { BackendPostgres } from 'openworkflow/postgres';
import { performerOf } from './planned-step.ts';
import { nowMs, serve, settings, tell } from './protocol.ts';

const { role, databaseUrl, concurrency, planFile, chatUrl } = settings();
const backend = await BackendPostgres.connect(databaseUrl);
const client = new OpenWorkflow({ backend });

const nothing = client.defineWorkflow<{ id: string }, null>(
  { name: 'nothing' },
  async ({ input: { id }, step }) => {
    await step.run({ name: 'begin' }, () => {
      const atMs = nowMs();
      tell({ is: 'began', id, atMs });
      return null;
    });
    return null;
  },
);

const performer = planFile === '' ? null : performerOf(planFile, chatUrl);
const run = client.defineWorkflow<{ id: string; folder: string }, null>(
  { name: 'run' },
  async ({ input: { id, folder }, step }) => {
    if (performer === null) throw new Error('there is no plan');
    const beganMs = nowMs();
    for (const [index, { name }] of performer.steps.entries()) {
      await step.run({ name }, () => performer.perform(index, id, folder));
    }
    tell({ is: 'began', id, atMs: beganMs });
    tell({ is: 'finished', id, atMs: nowMs() });
    return null;
  },
);

if (role === 'worker') {
  const worker = client.newWorker({ concurrency });
  await worker.start();
  await serve();
} else {
  await serve({
    enqueue: async (id) => void (await nothing.run({ id })),
    run: async (ids, folder) => {
      for (const id of ids) await run.run({ id, folder });
    },
  });
}
