import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWhole } from '../support/extent.ts';
import { startHome } from '../support/home.ts';
import {
  DESCRIPTION,
  everythingSaid,
  logOf,
  mailTexts,
  outboxOf,
  PERSONAL,
  slackTexts,
  startChannels,
  TOO_LONG,
} from '../support/notify-channels.ts';
import { run, start } from '../support/planline.ts';

const BLOCK_COUNT = '2';
const HOUR_MS = 3_600_000;

/** The signs of these names are the wrong way round: Etc/GMT-3 is three hours ahead. */
const zoneAhead = (hours: number): string => `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;

/**
 * Two time zones with different days, in neither of which a day ends within the next hour: the
 * first is twelve hours ahead of the second.
 */
function zonesOfTwoDays(utcHour: number): [today: string, yesterday: string] {
  const offsets = Array.from({ length: 15 }, (_, offset) => offset);
  const offset = offsets.find((hours) => (utcHour + hours) % 24 <= 10) ?? 0;
  return [zoneAhead(offset), zoneAhead(offset - 12)];
}

describe('planline daemon with a sweep every second', () => {
  it.runIf(isWhole)('puts one summary a day, however often it sweeps and starts', async () => {
    const [today, yesterday] = zonesOfTwoDays(new Date().getUTCHours());
    const channels = await startChannels();
    const home = await startHome({ BLOCK_COUNT, ...channels.env, SWEEP_CRON: '* * * * * *' });
    const [finished, blocked] = [await home.addLead(DESCRIPTION), await home.addLead(TOO_LONG)];
    const withoutChannels = { ...home.place, env: { BLOCK_COUNT } };
    expect((await run(withoutChannels, 'sweep')).code).toBe(1);
    expect(channels.webhook.requests).toEqual([]);

    let sweeps = 0;
    async function daemonIn(zone: string, times: number): Promise<void> {
      const daemon = start({ ...home.place, env: { ...home.place.env, SWEEP_TZ: zone } }, 'daemon');
      const wanted = sweeps + times;
      await daemon.until(/Waiting for leads/);
      await expect
        .poll(
          async () => {
            sweeps = (await logOf(home.place)).match(/"msg":"Daily sweep"/g)?.length ?? 0;
            return sweeps;
          },
          { timeout: 60_000 },
        )
        .toBeGreaterThanOrEqual(wanted);
      await expect
        .poll(async () => new Set(await outboxOf(home, 'daily_summary')), { timeout: 60_000 })
        .toEqual(new Set(['email delivered 1', 'slack delivered 1']));
      expect((await daemon.kill('SIGTERM')).code).toBe(0);
    }

    await daemonIn(today, 3);
    await daemonIn(today, 1);
    expect(await outboxOf(home, 'daily_summary')).toHaveLength(2);
    for (const texts of [slackTexts(channels), mailTexts(channels)]) {
      expect(texts).toHaveLength(1);
      expect(texts[0]).toMatch(/\d{4}-\d\d-\d\d: 1 finished, 1 blocked/);
      expect(texts[0]).toContain(`${blocked} is blocked: input_transform: the description has`);
      expect(texts[0]).not.toContain(finished);
    }

    await daemonIn(yesterday, 1);
    expect(await outboxOf(home, 'daily_summary')).toHaveLength(4);
    const days = slackTexts(channels).map((text) => text.slice(0, 10));
    expect(new Set(days).size).toBe(2);
    expect(mailTexts(channels)).toHaveLength(2);
    const said = await everythingSaid(channels, home.place);
    expect(PERSONAL.filter((word) => said.includes(word))).toEqual([]);
  });
});

describe('planline daemon on a machine that was off at the time of the sweep', () => {
  it.runIf(isWhole)('sweeps and sums up soon after its start, and once', async () => {
    const channels = await startChannels();
    // Where it is past midnight now, the sweep was due two hours ago, on the day before.
    const now = new Date();
    const ahead = now.getUTCHours() < 12 ? -now.getUTCHours() : 24 - now.getUTCHours();
    const due = new Date(now.getTime() + (ahead - 2) * HOUR_MS);
    const home = await startHome({
      ...channels.env,
      // Looked for each second.
      SWEEP_CRON: `0 ${due.getUTCMinutes()} ${due.getUTCHours()} * * *`,
      SWEEP_TZ: zoneAhead(ahead),
    });
    const lastSweep = join(home.place.cwd, '.planline', 'last-daily-sweep');
    const before = new Date(now.getTime() - 48 * HOUR_MS).toISOString();
    await writeFile(lastSweep, before);

    const daemon = start(home.place, 'daemon');
    await expect
      .poll(async () => new Set(await outboxOf(home, 'daily_summary')), { timeout: 60_000 })
      .toEqual(new Set(['email delivered 1', 'slack delivered 1']));
    expect((await daemon.kill('SIGTERM')).code).toBe(0);
    const day = due.toISOString().slice(0, 10);
    expect(slackTexts(channels)).toEqual([expect.stringContaining(`${day}: 0 finished`)]);
    expect((await logOf(home.place)).match(/"msg":"Daily sweep"/g)).toHaveLength(1);
    expect((await readFile(lastSweep, 'utf8')) > before).toBe(true);
  });
});
