/** Runs planline on a machine of the site: until a crash point ends it, or until leads are archived. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, start, type Place, type RunningPlanline } from '../planline.ts';
import { keyOf, type Kill } from './cells.ts';
import { unfinished, whyUnfinished } from './records.ts';
import type { Site } from './site.ts';

/** Far longer than any run here takes: who is not done by then never will be. */
const LIMIT_MS = 180_000;
const LOOK_EVERY_MS = 100;

function armed(place: Place, order: string): Place {
  return { ...place, env: { ...place.env, PLANLINE_CRASH_AT: order } };
}

export function printed(planline: RunningPlanline): string {
  return `${planline.stdout().slice(-1_500)}\n${planline.stderr().slice(-1_500)}`;
}

/** Resolves once the process has killed itself there. Throws when it ends otherwise, or never does. */
export async function crashAt(
  place: Place,
  command: 'daemon' | 'sweep',
  kill: Kill,
): Promise<void> {
  const planline = start(armed(place, keyOf(kill)), command);
  const timer = setTimeout(() => planline.child.kill('SIGTERM'), LIMIT_MS);
  await planline.finished;
  clearTimeout(timer);
  if (planline.child.signalCode !== 'SIGKILL') {
    throw new Error(`${keyOf(kill)} was not reached:\n${printed(planline)}`);
  }
}

/** Resolves when the leads are archived. Throws when one is blocked, the process ends, or it takes too long. */
export async function untilArchived(
  site: Site,
  planline: RunningPlanline,
  leadIds: readonly string[],
  limitMs = LIMIT_MS,
): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  for (;;) {
    const open = await unfinished(site.database.sql, leadIds);
    if (open.length === 0) break;
    const isBlocked = open.some(({ status }) => status === 'blocked');
    if (isBlocked || planline.child.exitCode !== null || performance.now() > deadlineMs) {
      const why = await whyUnfinished(site.database.sql, leadIds);
      throw new Error(`not archived: ${why}\n${printed(planline)}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** A sweep that finds nothing but messages to be told; what it finds besides. */
export async function quietSweep(place: Place): Promise<string[]> {
  const sweep = await run(place, 'sweep');
  return sweep.code === 0 && sweep.stdout.includes('0 archived, 0 blocked, 0 waiting')
    ? []
    : [`the sweep afterwards: ${sweep.stdout.slice(-300)}${sweep.stderr.slice(-300)}`];
}

/** A daemon of this machine takes the leads to their end; a sweep then finds nothing but messages. */
export async function recover(
  site: Site,
  place: Place,
  leadIds: readonly string[],
): Promise<string[]> {
  const daemon = start({ ...place, env: { ...place.env, LEAD_CONCURRENCY: '4' } }, 'daemon');
  try {
    await untilArchived(site, daemon, leadIds);
  } finally {
    await daemon.kill('SIGTERM');
  }
  return quietSweep(place);
}

/** Every instant that an undisturbed run passes, in order. */
export async function trace(
  site: Site,
  place: Place,
  command: 'daemon' | 'sweep',
  leadId: string,
): Promise<string[]> {
  const file = join(place.cwd, 'trace');
  await writeFile(file, '');
  const planline = start(armed(place, `trace:${file}`), command);
  if (command === 'daemon') {
    try {
      await untilArchived(site, planline, [leadId]);
      await planline.until(/archived: /);
    } finally {
      await planline.kill('SIGTERM');
    }
  } else {
    await planline.finished;
  }
  return (await readFile(file, 'utf8')).trim().split('\n');
}

/** What a power cut, or a person, leaves of a log. */
export async function damageLog(
  { cwd }: Place,
  leadId: string,
  how: 'log torn' | 'log forged',
): Promise<void> {
  const path = join(cwd, 'runs', leadId, 'events.jsonl');
  if (how === 'log torn') {
    await appendFile(path, '{"event_id":"5f0c');
    return;
  }
  const lines = (await readFile(path, 'utf8')).split('\n');
  const forged = lines.map((line, index) =>
    index === 1 ? line.replace('"actor":"', '"actor":"x') : line,
  );
  await writeFile(path, forged.join('\n'));
}
