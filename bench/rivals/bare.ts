/** No system at all: the same prompts and the same files, recorded nowhere. The floor for all others. */
import { performerOf } from './planned-step.ts';
import { nowMs, serve, settings, tell } from './protocol.ts';

const { planFile, chatUrl } = settings();
const performer = performerOf(planFile, chatUrl);

async function run(id: string, folder: string): Promise<void> {
  tell({ is: 'began', id, atMs: nowMs() });
  for (const index of performer.steps.keys()) await performer.perform(index, id, folder);
  tell({ is: 'finished', id, atMs: nowMs() });
}

// Its client does the work itself: there is nothing through which a worker could be told.
await serve({
  run: async (ids, folder) => void (await Promise.all(ids.map((id) => run(id, folder)))),
});
