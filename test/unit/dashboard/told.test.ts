import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { DashboardEnv } from '../../../src/dashboard/env.ts';
import { told } from '../../../src/dashboard/leads/told.ts';

async function toldAt(query: string): Promise<string> {
  const app = new Hono<DashboardEnv>().get('/leads', (context) => context.html(told(context)));
  const text = await (await app.request(`/leads?${query}`)).text();
  return text
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const DONE = 'done=forget&lead=id-1';

describe('what an erasure left to a person', () => {
  it('is said with what helps: a disk to mount, a zip to delete by hand', async () => {
    expect(await toldAt(DONE)).toMatch(/^Lead id-1 [a-z ]+\.$/);
    const away = 'of its files could not be reached: mount their disk, then planline forget id-1.';
    expect(await toldAt(`${DONE}&left=2`)).toMatch(new RegExp(`\\. 2 ${away}$`));
    const other =
      'of its zips are not what was recorded: planline forget id-1 names them, to be looked at and deleted by hand.';
    expect(await toldAt(`${DONE}&differing=1`)).toMatch(new RegExp(`\\. 1 ${other}$`));
    expect(await toldAt(`${DONE}&left=2&differing=1`)).toMatch(
      new RegExp(`\\. 2 ${away} 1 ${other}$`),
    );
  });

  it('is not said in the words of a link from elsewhere', async () => {
    expect(await toldAt(`${DONE}&left=all&differing=%3Cb%3E`)).toMatch(/^Lead id-1 [a-z ]+\.$/);
    expect(await toldAt('done=forget&lead=%3Cb%3E&left=1')).toBe('');
  });
});
