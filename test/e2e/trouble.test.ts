import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGLISH } from '../support/descriptions.ts';
import { clientOf, run, seededPlace, start } from '../support/planline.ts';

describe('a disk that refuses', () => {
  it('holds the lead up without a storm of claims, blocks nothing, and goes on once it is mended', async () => {
    const place = await seededPlace({ BLOCK_COUNT: '1' });
    const client = join(place.cwd, 'client.txt');
    await writeFile(client, ENGLISH);
    const id = (await run(place, 'add', '--description-file', client)).stdout.trim();
    // A file where the lead's folder would be.
    await mkdir(join(place.cwd, 'runs'), { recursive: true });
    await writeFile(join(place.cwd, 'runs', id), 'in the way');

    const daemon = start(place, 'daemon');
    await daemon.until(/waits: .*in the way|waits: .*runs/);
    // Several polls pass; each would have been a chance to claim it again.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const events = JSON.parse((await run(place, 'events', id, '--json')).stdout) as {
      type: string;
    }[];
    expect(events.filter((event) => event.type === 'lead.claimed').length).toBeLessThanOrEqual(2);
    expect(events.filter((event) => event.type === 'lead.blocked')).toEqual([]);

    // Mended; flagging again means now, whatever pause was planned.
    await rm(join(place.cwd, 'runs', id));
    const leads = (await clientOf(place)).from('junior_leads');
    await leads.update({ status: 'new' }).eq('id', id);
    await leads.update({ status: 'flagged' }).eq('id', id);
    await daemon.until(/archived: 1 pages/);
    expect((await daemon.kill('SIGTERM')).code).toBe(0);
  });
});
