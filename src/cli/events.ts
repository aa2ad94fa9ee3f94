import { Command } from 'commander';
import type { StoredEnvelope } from '../core/events.ts';
import { PlanlineError } from '../core/errors.ts';
import { withExample } from './example.ts';
import { withDatabase } from './session.ts';

/** `12  2026-11-23T10:00:00.000Z  step.completed  step=plan` */
export function eventLine(event: StoredEnvelope): string {
  const facts = Object.entries(event.data)
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const status = event.status_to === null ? [] : [`→ ${event.status_to}`];
  return [String(event.seq).padStart(4), event.occurred_at, event.type, ...status, ...facts].join(
    '  ',
  );
}

export function eventsCommand(): Command {
  const command = new Command('events')
    .argument('<id>', 'id of a lead')
    .option('--json', 'as a JSON array')
    .action((id: string, options: { json?: true }) =>
      withDatabase(async ({ database }) => {
        const events = await database.store.read(id, 0);
        if (events.length === 0) throw new PlanlineError('usage', `Lead ${id} has no events.`);
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify(events, null, 2)}\n`
            : `${events.map(eventLine).join('\n')}\n`,
        );
      }),
    );
  return withExample(command, 'planline events 6f9619ff-8b86-4d01-b42d-00cf4fc964ff --json');
}
