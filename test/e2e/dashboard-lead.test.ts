/** The page of one lead, and the charts, in a real browser. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SupabaseClient } from '@supabase/supabase-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { seriousFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { raw, serveDashboard } from '../support/dashboard.ts';
import { describeWith } from '../support/describe-where.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { clientOf } from '../support/planline.ts';
import { CHROMIUM } from '../support/system-packages.ts';

const SLOW_MS = 300_000;
/** Of one thing that is waited for. */
const STEP_MS = 120_000;
const idRow = z.object({ id: z.string() });
const runRows = z.array(z.object({ run_id: z.string() }));

async function flag(client: SupabaseClient): Promise<string> {
  const row = { description: ENGLISH, status: 'flagged' };
  const added = await client.from('junior_leads').insert(row).select('id').single();
  return idRow.parse(added.data).id;
}

/** Oldest first. */
async function runsOf(client: SupabaseClient, leadId: string): Promise<string[]> {
  const rows = await client
    .from('pipeline_events')
    .select('run_id')
    .eq('lead_id', leadId)
    .eq('type', 'run.started')
    .order('seq');
  return runRows.parse(rows.data).map(({ run_id: runId }) => runId);
}

async function archivedLeads(client: SupabaseClient): Promise<number> {
  const rows = await client.from('junior_leads').select('id').eq('status', 'archived');
  return z.array(idRow).parse(rows.data).length;
}

/** Nothing serious by axe, in the light and in the dark. */
async function expectUsable(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousFaults(page), colorScheme).toEqual([]);
  }
}

describeWith([CHROMIUM], 'the page of a lead in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function serve() {
    const served = await serveDashboard('daemon', { BLOCK_COUNT: '2' });
    // Into a database that somebody else filled first none is put, and its run is counted on.
    await served.process.until(/a sample lead was added/);
    return { ...served, client: await clientOf(served.place) };
  }

  /** What the browser complains about is kept, for tests to look at. */
  async function open(url: string, width = 1200) {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    const complaints: string[] = [];
    const answered: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    // What a policy refuses is announced as a request too, but never gets an answer.
    page.on('response', (response) => answered.push(response.url()));
    await page.goto(url);
    return { page, complaints, answered };
  }

  const head = (page: Page) => page.locator('#lead-head .chip');
  /** When that does not come: what the page says, for whoever reads the failure. */
  const archived = (page: Page) =>
    head(page)
      .getByText('Archived')
      .waitFor()
      .catch(async (cause: unknown) => {
        const told = await page.locator('body').innerText();
        throw new Error(`never archived on this page:\n${told.slice(0, 2_000)}`, { cause });
      });

  it(
    'follows a run as it happens, and goes back to any moment of it',
    async () => {
      const { url, client } = await serve();
      const id = await flag(client);
      const { page, complaints } = await open(`${url}/leads/${id}`);
      await archived(page);
      expect(await page.locator('.chart-state.now.at-archived').count()).toBe(1);
      await page.locator('.timeline .row.of-prompt').nth(5).waitFor();
      await expectUsable(page);

      const newest = await page.locator('#events tbody tr th').first().innerText();
      await page.locator('#events').getByRole('link', { name: 'Event 5:' }).click();
      await page.getByText(/You look at the past/).waitFor();
      expect(new URL(page.url()).search).toBe('?at=5');
      expect(await page.locator('.chart-state.box.now').innerHTML()).toContain('input_transform');
      await page.locator('#state-json summary').click();
      const folded: unknown = JSON.parse(await page.locator('#state-json pre').innerText());
      expect(folded).toMatchObject({ seq: 5, at: 'processing.input_transform' });

      await page.getByRole('link', { name: /Next/ }).click();
      await page.locator('#travel-seq').getByText('6', { exact: true }).waitFor();
      await page.locator('#travel input[type=range]').fill('12');
      await page.waitForURL(/at=12/);
      await page.getByRole('link', { name: 'Back to now' }).click();
      await archived(page);
      expect(await page.locator('#travel-seq').innerText()).toBe(newest);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    'opens each kind of file, and never lets one run',
    async () => {
      const { url, client, place, port } = await serve();
      const id = await flag(client);
      const { page, complaints, answered } = await open(`${url}/leads/${id}`);
      await archived(page);
      const [run = ''] = await runsOf(client, id);
      const file = (path: string) =>
        `${url}/leads/${id}/artifact?${new URLSearchParams({ run, path }).toString()}`;

      await page.locator('#artifacts').getByRole('link', { name: 'plan.txt', exact: true }).click();
      expect(await page.locator('pre.text').innerText()).toContain('<blok-1>');
      await page.goto(file('plan/profile.json'));
      expect(await page.locator('pre.text').innerText()).toContain('"target_role"');
      await page.goto(file('transformed/parthtml1.json'));
      const learner = page.frameLocator('iframe.framed');
      expect(await learner.locator('main').innerText()).not.toBe('');
      await expectUsable(page);
      expect(complaints).toEqual([]);

      // Somebody put a page that acts in the place of a reply, and took away all that could tell.
      const path = 'stage_3_generated_html/parthtml1.txt';
      const html = `<!doctype html><html><head><title>Lesson</title></head><body><h1>Lesson</h1><p>text</p>
        <script>document.body.append('RAN'); fetch('/witness-script')</script>
        <img src="/witness-image" onerror="document.body.append('RAN')"></body></html>`;
      await writeFile(join(place.cwd, 'runs', id, run, path), html);
      await rm(join(place.cwd, 'runs', id, `${run}.zip`));
      const removed = await client.from('pipeline_artifacts').delete().eq('path', path);
      expect(removed.error).toBeNull();

      await page.goto(file(path));
      expect(await page.getByRole('alert').innerText()).toMatch(/does not fit the sha256/);
      expect(await page.frameLocator('iframe.framed').locator('h1').innerText()).toBe('Lesson');
      const alone = file(path).replace('/artifact?', '/frame?');
      for (const shown of [
        page.frameLocator('iframe.framed').locator('body'),
        page.locator('body'),
      ]) {
        expect(await shown.innerText()).not.toContain('RAN');
        await page.goto(alone);
      }
      expect(answered.filter((address) => address.includes('witness'))).toEqual([]);
      expect(complaints.join('\n')).toMatch(/Blocked script execution/);

      const outside = await raw(port, `/leads/${id}/artifact?run=${run}&path=..%2Fevents.jsonl`, {
        headers: { Host: `127.0.0.1:${port}` },
      });
      expect(outside.body).not.toContain('prev_hash');
      await page.goto(file('../events.jsonl'));
      expect(await page.getByText('No event of this lead records such a file.').count()).toBe(1);
    },
    SLOW_MS,
  );

  it(
    'compares two runs, and counts them in the charts',
    async () => {
      const { url, client } = await serve();
      const id = await flag(client);
      const { page, complaints } = await open(`${url}/leads/${id}`, 390);
      await archived(page);
      await client
        .from('junior_leads')
        .update({ description: `${ENGLISH} And the violin.`, status: 'flagged' })
        .eq('id', id);
      await page.locator('#timeline nav.runs').waitFor({ timeout: SLOW_MS });
      await archived(page);

      await page.getByRole('link', { name: 'Compare two runs' }).click();
      await page.getByRole('link', { name: 'input_transform/prompt.txt' }).click();
      const added = page.locator('.diff tr.added').filter({ hasText: 'And the violin.' });
      expect(await added.locator('.sign').innerText()).toBe('+');
      expect(await added.locator('ins').allInnerTexts()).toEqual([' And the violin.']);
      await expectUsable(page);

      // The sample lead, which the first start adds, has a run as well.
      await expect.poll(() => archivedLeads(client), { timeout: SLOW_MS, interval: 500 }).toBe(2);
      await page.goto(`${url}/charts`);
      expect(await page.locator('#leads-per-day .bar').count()).toBe(2);
      await page.locator('#leads-per-day-table summary').click();
      const today = page.locator('#leads-per-day-table tbody tr').first().locator('td');
      expect(await today.allInnerTexts()).toEqual(['3', '3', '0']);
      expect(await page.locator('#durations-by-step .range').count()).toBe(4);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      await expectUsable(page);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );
});
