/** DBOS: workflows on a queue, with its defaults; variant `fast` looks at the queue every 10 ms. */
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import { performerOf } from './planned-step.ts';
import { nowMs, serve, settings, tell } from './protocol.ts';

const QUEUE = 'bench';
const APPLICATION = 'bench';
const { role, databaseUrl, variant, concurrency, planFile, chatUrl } = settings();

async function work(): Promise<void> {
  DBOS.setConfig({ name: APPLICATION, systemDatabaseUrl: databaseUrl, logLevel: 'error' });
  DBOS.registerWorkflow(
    async (id: string) => {
      await DBOS.runStep(
        () => {
          const atMs = nowMs();
          tell({ is: 'began', id, atMs });
          return Promise.resolve();
        },
        { name: 'begin' },
      );
    },
    { name: 'nothing' },
  );
  const performer = planFile === '' ? null : performerOf(planFile, chatUrl);
  DBOS.registerWorkflow(
    async (id: string, folder: string) => {
      if (performer === null) throw new Error('there is no plan');
      const beganMs = nowMs();
      for (const [index, { name }] of performer.steps.entries()) {
        await DBOS.runStep(() => performer.perform(index, id, folder), { name });
      }
      tell({ is: 'began', id, atMs: beganMs });
      tell({ is: 'finished', id, atMs: nowMs() });
    },
    { name: 'run' },
  );
  await DBOS.launch();
  await DBOS.registerQueue(QUEUE, {
    workerConcurrency: concurrency,
    ...(variant === 'fast' ? { minPollingIntervalMs: 10 } : {}),
  });
  await serve();
}

async function enqueue(): Promise<void> {
  const client = await DBOSClient.create({
    systemDatabaseUrl: databaseUrl,
    applicationName: APPLICATION,
  });
  await serve({
    enqueue: async (id) =>
      void (await client.enqueue({ workflowName: 'nothing', queueName: QUEUE }, id)),
    run: async (ids, folder) => {
      for (const id of ids) {
        await client.enqueue({ workflowName: 'run', queueName: QUEUE }, id, folder);
      }
    },
  });
}

await (role === 'worker' ? work() : enqueue());
