/** The DevTools connection between Chrome and Playwright: what comes too late, and what nobody understands. */
import { once } from 'node:events';
import { chromium as playwright } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { reachChrome } from '../../src/adapters/chat/browser/chrome/connect.ts';
import { DevTools } from '../../src/adapters/chat/browser/chrome/devtools.ts';
import { startChromium } from '../support/chromium.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM } from '../support/system-packages.ts';
import { tempFolder } from '../support/temp-folder.ts';

const LIMIT_MS = 20_000;

describeWith([CHROMIUM], 'an answer of Chrome for a tab that was closed meanwhile', () => {
  it('is ignored, and the connection goes on', async () => {
    const chromium = await startChromium(await tempFolder());
    onTestFinished(() => chromium.stop());
    const devtools = await reachChrome({
      cdpUrl: chromium.devtools,
      profileDir: '',
      connectMs: LIMIT_MS,
    });
    onTestFinished(() => devtools.close());
    const transport = devtools.transportTo(await devtools.openTab());
    const browser = await playwright.connectOverCDP(transport, { noDefaults: true });
    const page = browser.contexts()[0]?.pages()[0];
    transport.send({ id: 900_000, method: 'Page.enable', params: {}, sessionId: 'closed' });
    // Answers come in order: that one was received before this.
    expect(await page?.evaluate(() => 1 + 1)).toBe(2);
    expect(devtools.isOpen).toBe(true);
  });
});

async function listening(): Promise<{ server: WebSocketServer; url: string }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return { server, url: `ws://127.0.0.1:${port}` };
}

it('a Chrome that takes a command and never answers is given up', async () => {
  const { url } = await listening();
  const devtools = await DevTools.open(url, 100);
  const refused: unknown = await devtools.openTab().catch((error: unknown) => error);
  expect(refused).toMatchObject({
    message: 'Chrome is gone',
    cause: { message: 'Target.createTarget was not answered within 100 ms' },
  });
  expect(devtools.isOpen).toBe(false);
});

it('a Chrome that is gone is told of at once', async () => {
  const { server, url } = await listening();
  server.on('connection', (socket) => socket.close());
  const devtools = await DevTools.open(url, LIMIT_MS);
  await expect.poll(() => devtools.isOpen).toBe(false);
  await expect(devtools.tabs()).rejects.toThrow('Chrome is gone');
});

it('a message that nobody understands ends the connection, not the process', async () => {
  const { server, url } = await listening();
  server.on('connection', (socket) => socket.once('message', () => socket.send('{"id":"seven"}')));
  const devtools = await DevTools.open(url, LIMIT_MS);
  const refused: unknown = await devtools
    .command('Browser.getVersion', {}, z.unknown())
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ message: 'Chrome is gone' });
  expect(refused instanceof Error && refused.cause).toBeInstanceOf(z.ZodError);
  expect(devtools.isOpen).toBe(false);
});
