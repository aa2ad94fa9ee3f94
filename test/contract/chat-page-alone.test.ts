/** The chat page as a process of its own, and in a browser whose tab crashes for real. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { sha256Hex } from '../../src/core/hash-chain.ts';
import { startChatPage } from '../support/chat-page.ts';
import { openTab } from '../support/chat-page-tab.ts';
import { launchChromium, startChromium } from '../support/chromium.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM } from '../support/system-packages.ts';
import { tempFolder } from '../support/temp-folder.ts';

const MAIN = fileURLToPath(new URL('../support/chat-page-main.ts', import.meta.url));

async function startProcess(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value } = await lines.next();
  return { child, ...z.object({ url: z.url(), pid: z.number() }).parse(JSON.parse(String(value))) };
}

describeWith([CHROMIUM], 'the chat page alone', () => {
  it('witnesses in a file as a process, and stops on SIGTERM', async () => {
    const log = join(await tempFolder(), 'witness.jsonl');
    const { child, url, pid } = await startProcess(
      '--generation=g2',
      '--locale=sk',
      '--fault=cut_answer',
      `--log=${log}`,
    );
    expect(pid).toBe(child.pid);
    const browser = await launchChromium();
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(url);
    await page.locator('#prompt-textarea').click();
    for (const text of ['Prvá otázka.', 'Druhá otázka.']) {
      await page.keyboard.insertText(text);
      await page.getByRole('button', { name: 'Odoslať výzvu' }).click();
      await page.getByRole('button', { name: 'Dobrá odpoveď' }).last().waitFor();
      await page
        .getByRole('button', { name: 'Zastaviť streamovanie' })
        .waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Odoslať výzvu' }).waitFor();
    }
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { event: 'taken', order: 1, sha256: sha256Hex('Prvá otázka.'), fault: 'cut_answer' },
      { event: 'taken', order: 2, sha256: sha256Hex('Druhá otázka.'), fault: null },
      { event: 'answered', order: 2 },
    ]);
  });

  it('crashes the tab by DevTools, and has the answer for the next one', async () => {
    const chrome = await startChromium(await tempFolder());
    onTestFinished(() => chrome.stop());
    const { devtools } = chrome;
    const browser = await chromium.connectOverCDP(devtools);
    const chat = await startChatPage({ generation: 'g3', answers: () => 'Here **still**.' });
    onTestFinished(() => chat.stop());
    const tab = await openTab(browser, chat, 'g3');
    await tab.open();
    chat.fail([{ name: 'tab_crash', devtools }]);
    const crashed = tab.page.waitForEvent('crash');
    await tab.send('Crash.');
    await crashed;
    await expect.poll(() => chat.sends()).toMatchObject([{ text: 'Crash.', answered: true }]);
    const next = await openTab(browser, chat, 'g3');
    await next.open(`c/${chat.sends()[0]?.conversation ?? ''}`);
    await next.part('good').waitFor();
    expect(await next.copy()).toBe('Here **still**.');
    await browser.close();
  });
});
