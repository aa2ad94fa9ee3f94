/**
 * A process that writes to a run until it is killed or a write fails:
 * `node disk-writer.ts <runs folder> <lead id> <bytes>`. It appends an event, prints a line, and
 * writes plan/plan.txt of that many `x`, the event's number and a newline; then the next.
 */
import { createDiskStore } from '../../src/adapters/disk/disk-store.ts';
import { manualClock } from './manual-clock.ts';
import { recordingLog } from './recording-log.ts';
import { sampleEvents } from './sample-events.ts';

const [runsDir = '', leadId = '', bytes = ''] = process.argv.slice(2);
const store = createDiskStore({
  runsDir,
  coldStorageDir: null,
  clock: manualClock('2026-11-23T17:45:01.000Z'),
  log: recordingLog(),
});
const lead = store.lead(leadId);
const run = lead.run('20261123_174501');
const events = sampleEvents(leadId, 5_000);
const body = 'x'.repeat(Number(bytes));

for (let n = (await lead.readEvents()).length; n < events.length; n += 1) {
  await lead.appendEvents(events.slice(n, n + 1));
  process.stdout.write(`${n}\n`);
  await run.write('plan/plan.txt', `${body}${n}\n`);
}
