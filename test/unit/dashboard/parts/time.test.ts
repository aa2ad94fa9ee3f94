import { describe, expect, it } from 'vitest';
import { timesIn } from '../../../../src/core/times.ts';
import { ago } from '../../../../src/dashboard/parts/time.ts';

describe('times of the dashboard', () => {
  it.each([
    ['Europe/Bratislava', '2026-07-01T22:30:05.999Z', '2026-07-02 00:30:05', 'CEST'],
    ['Europe/Bratislava', '2026-12-31T23:00:00.000Z', '2027-01-01 00:00:00', 'CET'],
    ['UTC', '2026-11-24T00:00:00.000Z', '2026-11-24 00:00:00', 'UTC'],
    ['Asia/Kathmandu', '2026-11-24T12:00:00.000Z', '2026-11-24 17:45:00', 'GMT+5:45'],
  ])('are those of %s, which they name', (zone, iso, text, name) => {
    const times = timesIn(zone);
    expect(times.text(Date.parse(iso))).toBe(text);
    expect(times.withZone(Date.parse(iso))).toBe(`${text} ${name}`);
  });

  it('stand behind how long ago something was', async () => {
    const atMs = Date.parse('2026-11-24T12:00:00.000Z');
    const html = String(await ago(atMs, atMs + 125_000, timesIn('Europe/Bratislava')));
    expect(html).toContain('title="2026-11-24 13:00:00 CET"');
    expect(html).toContain('>2 min 5 s ago<');
  });
});
