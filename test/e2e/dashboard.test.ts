/** The operator's day in a real browser. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SupabaseClient } from '@supabase/supabase-js';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { seriousFaults } from '../support/axe.ts';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { launchChromium } from '../support/chromium.ts';
import { serveDashboard } from '../support/dashboard.ts';
import { describeWith } from '../support/describe-where.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { clientOf } from '../support/planline.ts';
import { CHROMIUM } from '../support/system-packages.ts';

/** Daemon, browser and other suites share the machine. */
const PATIENCE_MS = 120_000;

const eventRows = z.array(z.object({ type: z.string(), actor: z.string() }));
const idRow = z.object({ id: z.string() });

async function addLead(client: SupabaseClient, status: string, more = {}): Promise<string> {
  const row = { description: ENGLISH, status, ...more };
  const added = await client.from('junior_leads').insert(row).select('id').single();
  return idRow.parse(added.data).id;
}

/** What the operator did, in order. */
async function doneBy(client: SupabaseClient, leadId: string): Promise<string[]> {
  const rows = await client
    .from('pipeline_events')
    .select('type,actor')
    .eq('lead_id', leadId)
    .eq('actor', 'dashboard')
    .order('seq');
  return eventRows.parse(rows.data).map(({ type }) => type);
}

/** Under another name than the dashboard's, so another site to a browser. */
async function otherSite(body: string): Promise<string> {
  const server = createServer((_, response) => {
    response
      .setHeader('Content-Type', 'text/html')
      .end(`<!doctype html><title>Other</title><link rel="icon" href="data:," />${body}`);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  // A TCP server's address is never a pipe's name.
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

describeWith([CHROMIUM], 'the dashboard in a browser', () => {
  let browser: Browser;
  let chat: ChatServer;

  beforeAll(async () => {
    browser = await launchChromium();
    chat = await startChatServer();
  });
  afterAll(async () => {
    await browser.close();
    await chat.stop();
  });

  async function serve() {
    const served = await serveDashboard('daemon', {
      CHAT_DRIVER: 'openai',
      OPENAI_API_KEY: 'test-key',
      OPENAI_BASE_URL: chat.url,
      BLOCK_COUNT: '2',
    });
    return { ...served, client: await clientOf(served.place) };
  }

  /** Fails the test on whatever the browser complains about: a refused script, a broken page. */
  async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // Refusals that the tests ask for are told here as well.
      if (message.type() === 'error' && !/status of 40[39]/.test(message.text())) {
        complaints.push(message.text());
      }
    });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(url);
    return page;
  }

  const rowOf = (page: Page, id: string): Locator => page.locator(`[id="row-${id}"]`);

  async function act(page: Page, id: string, name: string): Promise<void> {
    await rowOf(page, id).getByRole('link', { name }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name }).click();
    await page.locator('#told').waitFor();
  }

  const chipIs = (page: Page, id: string, text: string): Promise<void> =>
    rowOf(page, id).locator('.chip', { hasText: text }).waitFor();

  it('is opened by a link of another site, works from there, and takes no form of one', async () => {
    const { url, client } = await serve();
    const id = await addLead(client, 'draft');
    const site = await otherSite(`<a href="${url}/leads">Leads</a>
      <form method="post" action="${url}/system/pause"><button>Win a prize</button></form>`);
    const page = await open(site);
    await page.getByRole('link', { name: 'Leads' }).click();
    await page.locator('#link', { hasText: 'Live' }).waitFor();
    expect(page.url()).toBe(`${url}/leads`);
    await chipIs(page, id, 'draft');
    chat.fail(['too_long']);
    await act(page, id, 'Flag');
    await chipIs(page, id, 'Blocked');
    await page.reload();
    await chipIs(page, id, 'Blocked');

    // In the same browser, with a session that the dashboard knows.
    await page.goto(site);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      page.getByRole('button', { name: 'Win a prize' }).click(),
    ]);
    expect(answer.status()).toBe(403);
    await page.goto(`${url}/system`);
    await page.locator('#account .chip', { hasText: 'Ready' }).waitFor();
  });

  it('flags, watches, sees it blocked, unblocks, withdraws, flags again and forgets', async () => {
    const { url, client, place } = await serve();
    const page = await open(`${url}/leads`);
    await page.getByText('No leads yet').waitFor();
    await page.locator('#link', { hasText: 'Live' }).waitFor();

    // Without a reload: the row comes by itself.
    const id = await addLead(client, 'draft');
    await chipIs(page, id, 'draft');

    chat.fail(['too_long']);
    await act(page, id, 'Flag');
    expect(await page.locator('#told').textContent()).toContain(`${id} was flagged`);
    const loadedAt: number = await page.evaluate('performance.timeOrigin');
    await chipIs(page, id, 'Blocked');
    expect(await rowOf(page, id).locator('.error').textContent()).toMatch(/input_transform/);
    expect(await page.evaluate('performance.timeOrigin')).toBe(loadedAt);

    const release = chat.hold();
    await act(page, id, 'Unblock');
    await chipIs(page, id, 'Processing');
    expect(await rowOf(page, id).locator('progress').getAttribute('max')).toBe('6');
    await act(page, id, 'Withdraw');
    await chipIs(page, id, 'withdrawn');
    release();

    await act(page, id, 'Flag');
    await chipIs(page, id, 'Archived');
    expect(await rowOf(page, id).locator('.prompts').textContent()).toContain('6/6');

    await act(page, id, 'Forget');
    // At once: until it is on this disk too, a lost database could be rebuilt with the person in it.
    const logged = await readFile(join(place.cwd, 'runs', id, 'events.jsonl'), 'utf8');
    expect(logged).toContain('"lead.erased"');
    await chipIs(page, id, 'erased');
    expect(await rowOf(page, id).getByRole('link', { name: 'Flag' }).count()).toBe(0);
    expect(await doneBy(client, id)).toEqual([
      'lead.flagged',
      'lead.flagged',
      'lead.withdrawn',
      'lead.flagged',
      'lead.erased',
    ]);
  });

  it('does nothing to a lead that moved meanwhile, and says so', async () => {
    const { url, client } = await serve();
    const id = await addLead(client, 'draft');
    const page = await open(`${url}/leads`);
    await rowOf(page, id).getByRole('link', { name: 'Flag' }).click();
    // The dialog is asked for when it is wanted: only now it has seen "draft".
    await page.getByRole('dialog').waitFor();
    await client.from('junior_leads').update({ status: 'on hold' }).eq('id', id);
    await page.getByRole('dialog').getByRole('button', { name: 'Flag' }).click();
    const told = page.getByRole('alert');
    expect(await told.textContent()).toMatch(/moved meanwhile: it is "on hold" now/);
    expect(await doneBy(client, id)).toEqual([]);
    await page.getByRole('link', { name: 'Back' }).click();
    await chipIs(page, id, 'on hold');
  });

  it('finds, filters and turns pages, also without a script', async () => {
    const { url, client } = await serve();
    const rows = Array.from({ length: 120 }, (_, n) => ({
      status: n < 55 ? 'draft' : 'sold',
      input_transform: { name: `Žofia Číslo${n}` },
    }));
    expect((await client.from('junior_leads').insert(rows)).error).toBeNull();
    for (const javaScriptEnabled of [true, false]) {
      const page = await open(`${url}/leads`, { javaScriptEnabled });
      const shown = page.locator('tbody tr');
      expect(await shown.count()).toBe(50);
      expect(await page.locator('.statuses').textContent()).toMatch(
        /All\s+120[^]*sold\s+65[^]*draft\s+55/,
      );
      await page.getByRole('link', { name: 'Next' }).click();
      await page.getByRole('link', { name: 'Next' }).click();
      expect(await shown.count()).toBe(20);
      await page.getByRole('link', { name: 'Previous' }).click();
      await page.getByRole('link', { name: 'Previous' }).click();
      expect(await shown.count()).toBe(50);
      expect(await page.getByRole('link', { name: 'Previous' }).count()).toBe(0);
      await page.getByRole('link', { name: 'draft 55' }).click();
      await page.getByRole('link', { name: 'Next' }).click();
      expect(await shown.count()).toBe(5);
      await page.getByLabel('Search').fill('zofia cislo54');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.waitForURL(/cislo54/);
      expect(await page.locator('.lead-name').allTextContents()).toEqual(['Žofia Číslo54']);
    }
  });

  it('is of use without a script: asks on a page of its own', async () => {
    const { url, client } = await serve();
    const id = await addLead(client, 'draft');
    const page = await open(`${url}/leads`, { javaScriptEnabled: false });
    await rowOf(page, id).getByRole('link', { name: 'Flag' }).click();
    expect(await page.getByRole('heading').textContent()).toBe('Flag this lead?');
    await page.getByRole('button', { name: 'Flag' }).click();
    expect(await page.locator('#told').textContent()).toContain('was flagged');
    expect(await doneBy(client, id)).toEqual(['lead.flagged']);

    // From the lead's own page, which is called by the person's name, and back to it.
    const eva = await addLead(client, 'draft', { input_transform: { name: 'Eva' } });
    await page.goto(`${url}/leads/${eva}`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Eva');
    await page.getByRole('link', { name: 'Flag' }).click();
    await page.getByRole('button', { name: 'Flag' }).click();
    expect(await page.locator('#told').textContent()).toContain(`${eva} was flagged`);
    expect(new URL(page.url()).pathname).toBe(`/leads/${eva}`);
  });

  it('is used by keyboard alone', async () => {
    const { url, client } = await serve();
    const id = await addLead(client, 'draft');
    const page = await open(`${url}/leads`);
    const focused = (): Promise<string> =>
      page.evaluate('document.activeElement.textContent.trim()');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');

    for (let i = 0; i < 20; i += 1) {
      await page.keyboard.press('Tab');
      if ((await focused()).startsWith('Flag')) break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    // The safe answer comes first; Escape leaves, and the focus is back where it was.
    expect(await focused()).toBe('Cancel');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focused()).toMatch(/^Flag/);
    expect(await doneBy(client, id)).toEqual([]);
  });

  it('pauses the chat account, and resumes it', async () => {
    const { url, client } = await serve();
    const page = await open(`${url}/system`);
    const account = page.locator('#account');
    await account.getByRole('button', { name: 'Pause' }).click();
    await account.locator('.chip', { hasText: 'Paused' }).waitFor();
    const id = await addLead(client, 'flagged');
    await page.locator('#queue').getByText('1 ready to be taken').waitFor();
    await account.getByRole('button', { name: 'Resume' }).click();
    await account.locator('.chip', { hasText: 'Ready' }).waitFor();
    await page.goto(`${url}/leads`);
    await chipIs(page, id, 'Archived');
    expect(await page.locator('.chip', { hasText: 'Archived' }).count()).toBe(1);
  });

  it('keeps nobody out: no serious finding of axe, light and dark, wide and narrow', async () => {
    const { url, client } = await serve();
    const id = await addLead(client, 'draft', { input_transform: { name: 'Eva' } });
    chat.fail(['too_long']);
    await addLead(client, 'flagged');
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 360]) {
        const viewport = { width, height: 800 };
        const page = await open(`${url}/leads`, { colorScheme, viewport });
        await page.locator('.chip', { hasText: 'Blocked' }).waitFor();
        expect(await seriousFaults(page)).toEqual([]);
        // Nothing has to be pushed sideways on a phone.
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          width,
        );
        await rowOf(page, id).getByRole('link', { name: 'Forget' }).click();
        await page.getByRole('dialog').waitFor();
        expect(await seriousFaults(page)).toEqual([]);
        await page.goto(`${url}/leads/${id}/flag`);
        expect(await seriousFaults(page)).toEqual([]);
        await page.goto(`${url}/system`);
        expect(await seriousFaults(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          width,
        );
      }
    }
  });
});
