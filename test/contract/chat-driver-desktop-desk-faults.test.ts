/**
 * Troubles at the desk itself: people, other windows, the clipboard, our own processes. The names are
 * read by machine: `fault: how it is noticed → what is done`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesktopDriver } from '../../src/adapters/chat/desktop/driver.ts';
import { sentRef, type SentRef } from '../../src/core/events.ts';
import type { ChatRequest } from '../../src/ports.ts';
import { machineClock } from '../support/chat-clock.ts';
import {
  helperPids,
  startAsking,
  startDesktopRig,
  type Asking,
  type DesktopRig,
} from '../support/chat-desktop.ts';
import { readClipboard, writeClipboard } from '../support/desktop.ts';
import { recordingLog } from '../support/recording-log.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM, DESKTOP } from '../support/system-packages.ts';
import { chatErrorFrom, chatRequest } from './chat-driver-suite.ts';

const never = (): AbortSignal => new AbortController().signal;
const WHOLE_ONCE = { exact: true, complete: true, sends: 1 };
const LONG = 'Dlhá veta o čase a práci. '.repeat(500).trim();

describeWith([CHROMIUM, DESKTOP], 'desktop driver, faults of the desk', () => {
  let rig: DesktopRig;
  beforeAll(async () => {
    rig = await startDesktopRig({ generation: 'g2' });
  });
  afterAll(() => rig.stop());

  const asking = (text = 'Napíš lekciu.'): Asking => startAsking(rig.driver, chatRequest(text));

  /** How a prompt ended, and how often the page took it. */
  async function outcome({ request, reply }: Asking): Promise<unknown> {
    const { text, complete } = await reply;
    return { exact: text === request.text, complete, sends: rig.sends(request) };
  }

  const disturbances = (): unknown[] =>
    rig.log.records.splice(0).flatMap(({ fields }) => fields['disturbance'] ?? []);

  describe('people', () => {
    it('mouse moved: the pointer is not where it was left → steps back, waits, writes again', async () => {
      disturbances();
      const asked = asking(LONG);
      await asked.reached('writing');
      await rig.desktop.run('xdotool', ['mousemove', '300', '300']);
      await sleep(300);
      await rig.desktop.run('xdotool', ['mousemove', '320', '310']);
      expect(await outcome(asked)).toEqual(WHOLE_ONCE);
      expect(disturbances()).toContain('pointer_moved');
    });

    it('keys typed into the prompt: it reads back as another text → waits, writes again', async () => {
      const asked = asking(LONG);
      await asked.reached('writing');
      await rig.desktop.run('xdotool', ['type', '--delay', '20', 'psst']);
      expect(await outcome(asked)).toEqual(WHOLE_ONCE);
    });

    it('mouse moved while the answer is awaited: seen before the next key → waits, then copies', async () => {
      const release = rig.page.hold();
      const asked = asking();
      await asked.reached('answering');
      await rig.desktop.run('xdotool', ['mousemove', '400', '200']);
      release();
      expect(await outcome(asked)).toEqual(WHOLE_ONCE);
    });

    it('a draft typed by hand: more comes back than the sentinel → cleared, never sent', async () => {
      await rig.desktop.run('xdotool', ['key', 'ctrl+shift+o']);
      await sleep(500);
      await rig.desktop.run('xdotool', ['type', '--delay', '15', 'a thought of my own']);
      expect(await outcome(asking())).toEqual(WHOLE_ONCE);
      expect(rig.page.sends().filter(({ text }) => text.includes('thought'))).toEqual([]);
    });

    it('the address bar in use: the sentinel comes back in one line → the page gets the focus', async () => {
      await rig.desktop.run('xdotool', ['key', 'ctrl+l']);
      await rig.desktop.run('xdotool', ['type', '--delay', '15', 'somewhere']);
      expect(await outcome(asking())).toEqual(WHOLE_ONCE);
    });

    it('the find bar open: keys go to the page first → the prompt goes to the composer', async () => {
      await rig.desktop.run('xdotool', ['key', 'ctrl+f']);
      expect(await outcome(asking())).toEqual(WHOLE_ONCE);
    });
  });

  describe('windows', () => {
    /** A window that takes the focus, and tells which keys it was given. */
    async function startThief() {
      const thief = rig.desktop.start('stdbuf', [
        '-oL',
        'xev',
        '-event',
        'keyboard',
        '-name',
        'thief',
      ]);
      let id = '';
      while (id === '') {
        await sleep(100);
        const listed = (await rig.desktop.run('wmctrl', ['-l'])).toString('utf8');
        id = /^(0x\w+) .* thief$/m.exec(listed)?.[1] ?? '';
      }
      return { thief, steal: () => rig.desktop.run('wmctrl', ['-ia', id]) };
    }

    it('focus stolen again and again: another window is in front → nothing is typed there, sent once', async () => {
      disturbances();
      const { thief, steal } = await startThief();
      const asked = asking(LONG);
      await asked.reached('writing');
      for (let i = 0; i < 8; i += 1) {
        await steal();
        await sleep(350);
      }
      expect(await outcome(asked)).toEqual(WHOLE_ONCE);
      expect(disturbances()).toContain('other_window');
      expect(thief.output()).not.toMatch(/keysym 0x[0-9a-f]+, (?:Return|v|V)\)/);
      await thief.stop();
    });

    it('focus stolen for ever: the desk never rests → needs_operator, nothing sent', async () => {
      const { thief, steal } = await startThief();
      const stop = new AbortController();
      const stealing = (async () => {
        while (!stop.signal.aborted) {
          await steal();
          await sleep(200);
        }
      })();
      const driver = rig.another({ timeoutMs: 6_000 });
      const request = chatRequest('Nobody can write this.');
      const error = await chatErrorFrom(startAsking(driver, request).reply);
      stop.abort();
      await stealing;
      await thief.stop();
      expect(error.code).toBe('needs_operator');
      expect(rig.sends(request)).toBe(0);
    });

    it('minimised window: it is not in front → brought back', async () => {
      const listed = (await rig.desktop.run('wmctrl', ['-l'])).toString('utf8');
      const id = /^(0x\w+) .*Chromium$/m.exec(listed)?.[1] ?? '';
      await rig.desktop.run('xdotool', ['windowminimize', id]);
      expect(await outcome(asking())).toEqual(WHOLE_ONCE);
    });

    it('no browser window: none has the title → needs_operator, nothing sent', async () => {
      const driver = rig.another({ windowTitle: 'No such title' });
      const request = chatRequest('Nobody sees this.');
      const error = await chatErrorFrom(startAsking(driver, request).reply);
      expect(error.code).toBe('needs_operator');
      expect(rig.sends(request)).toBe(0);
    });

    it('another site in the window: the address bar says so → needs_operator, nothing typed', async () => {
      await rig.desktop.run('xdotool', ['key', 'ctrl+l']);
      await rig.desktop.run('xdotool', [
        'type',
        'data:text/html,<textarea autofocus></textarea>\n',
      ]);
      await sleep(1_000);
      const request = chatRequest('Not for this site.');
      const error = await chatErrorFrom(startAsking(rig.driver, request).reply);
      expect(error.code).toBe('needs_operator');
      expect(error.message).not.toContain('textarea');
      const [finding] = (await rig.driver.check(never())).slice(-1);
      expect(finding).toMatchObject({ level: 'error' });
      await rig.desktop.run('xdotool', ['key', 'alt+Left']);
      expect(await outcome(asking())).toEqual(WHOLE_ONCE);
      expect(rig.sends(request)).toBe(0);
    });

    it('a tab of the browser itself: the address bar says so → the chat is opened in it', async () => {
      await rig.desktop.run('xdotool', ['key', 'ctrl+t']);
      await sleep(1_000);
      expect(await outcome(asking())).toEqual(WHOLE_ONCE);
      await rig.desktop.run('xdotool', ['key', 'ctrl+w']);
    });
  });

  describe('the clipboard', () => {
    it('text of the operator: it is kept before the first key → back afterwards, and while waiting', async () => {
      const mine = 'Moje vlastné slová,\nna dvoch riadkoch.\n';
      await writeClipboard(rig.desktop, mine);
      const release = rig.page.hold();
      const asked = asking();
      await asked.reached('answering');
      expect((await readClipboard(rig.desktop)).toString('utf8')).toBe(mine);
      release();
      expect(await outcome(asked)).toEqual(WHOLE_ONCE);
      expect((await readClipboard(rig.desktop)).toString('utf8')).toBe(mine);
    });

    it('image of the operator: its targets say so → back afterwards, byte for byte', async () => {
      const mine = png(64, 48);
      await writeClipboard(rig.desktop, mine, 'image/png');
      expect(await outcome(asking())).toEqual(WHOLE_ONCE);
      expect((await readClipboard(rig.desktop, 'image/png')).equals(mine)).toBe(true);
    });

    it('files of the operator: their target says so → back afterwards, byte for byte', async () => {
      const target = 'x-special/gnome-copied-files';
      const mine = 'cut\nfile:///home/mine/Plán%20kariéry.odt';
      await writeClipboard(rig.desktop, mine, target);
      expect(await outcome(asking())).toEqual(WHOLE_ONCE);
      expect((await readClipboard(rig.desktop, target)).toString('utf8')).toBe(mine);
    });

    it('something else of the operator: none of its targets can be kept → said in the log', async () => {
      await writeClipboard(rig.desktop, 'of another program', 'application/x-of-another-program');
      rig.log.records.splice(0);
      expect(await outcome(asking())).toEqual(WHOLE_ONCE);
      const messages = rig.log.records.map(({ message }) => message);
      expect(messages.filter((one) => one.includes('cannot be put back'))).toHaveLength(1);
    });

    it('copied by the operator meanwhile: it is not what we put there → left as it is', async () => {
      await writeClipboard(rig.desktop, 'before');
      const release = rig.page.hold();
      const asked = asking();
      await asked.reached('answering');
      await writeClipboard(rig.desktop, 'copied meanwhile');
      release();
      expect(await outcome(asked)).toEqual(WHOLE_ONCE);
      expect((await readClipboard(rig.desktop)).toString('utf8')).toBe('copied meanwhile');
    });

    it('a prompt that fails: whatever ended it → the clipboard is back', async () => {
      await writeClipboard(rig.desktop, 'kept');
      rig.page.fail(['prompt_too_long']);
      const error = await chatErrorFrom(asking('Too long.').reply);
      expect(error.code).toBe('permanent');
      expect((await readClipboard(rig.desktop)).toString('utf8')).toBe('kept');
    });
  });

  describe('our processes', () => {
    it.each(['opening', 'writing', 'sending', 'answering'] as const)(
      'helper killed while %s: its channel closes → started again, the phase begins again',
      async (phase) => {
        await writeClipboard(rig.desktop, 'kept');
        const asked = asking(LONG);
        await asked.reached(phase);
        const pids = await helperPids(rig.desktop);
        expect(pids.length).toBeGreaterThan(0);
        for (const pid of pids) process.kill(pid, 'SIGKILL');
        expect(await outcome(asked)).toEqual(WHOLE_ONCE);
        expect((await readClipboard(rig.desktop)).toString('utf8')).toBe('kept');
      },
    );

    it('two drivers on one screen: the lock is held → one after the other, nothing mixed', async () => {
      const other = rig.another();
      const both = [asking('From the first.'), startAsking(other, chatRequest('From the second.'))];
      for (const one of both) expect(await outcome(one)).toEqual(WHOLE_ONCE);
    });

    it.each(['writing', 'sending', 'answering'] as const)(
      'planline killed while %s: the prompt is looked for → nothing is sent twice',
      async (phase) => {
        await writeClipboard(rig.desktop, 'mine');
        const request = chatRequest(LONG);
        const release = rig.page.hold();
        const ref = await askAndDie(request, phase);
        // The helper outlives its driver for as long as it takes to put the desk right.
        await expect
          .poll(async () => (await readClipboard(rig.desktop)).toString('utf8'), {
            timeout: 15_000,
          })
          .toBe('mine');
        release();
        const taken = rig.sends(request);
        const recovery = await rig.driver.recover(request, ref, never());
        const answered = { kind: 'answered', reply: { text: request.text, complete: true } };
        expect(recovery).toMatchObject(taken === 1 ? answered : { kind: 'not_sent' });
        expect(rig.sends(request)).toBe(taken);
        expect(taken).toBeLessThanOrEqual(1);
      },
    );

    /** Gives the ref that was on record when the process was killed. */
    async function askAndDie(request: ChatRequest, until: string): Promise<SentRef | null> {
      const script = fileURLToPath(new URL('../support/desktop-asker-main.ts', import.meta.url));
      const args = [script, rig.page.url, rig.home, request.requestId, request.text];
      const child = spawn(process.execPath, args, {
        env: { ...rig.desktop.environment },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const gone = once(child, 'exit');
      let ref: SentRef | null = null;
      for await (const line of createInterface({ input: child.stdout })) {
        const said: unknown = JSON.parse(line);
        if (typeof said !== 'object' || said === null) continue;
        if ('sent' in said) ref = sentRef.parse(said.sent);
        if ('phase' in said && said.phase === until) child.kill('SIGKILL');
      }
      await gone;
      return ref;
    }
  });
});

describe('desktop driver without a screen', () => {
  it.each([
    ['no DISPLAY', { DISPLAY: undefined, XDG_SESSION_TYPE: 'tty' }, /DISPLAY is not set/],
    ['Wayland', { DISPLAY: ':0', XDG_SESSION_TYPE: 'wayland' }, /Wayland/],
    ['a Wayland display', { DISPLAY: ':0', WAYLAND_DISPLAY: 'wayland-0' }, /Wayland/],
    ['a DISPLAY that nobody serves', { DISPLAY: ':4093' }, /DISPLAY right/],
  ])('%s: seen before nut-js is loaded → needs_operator', async (_name, own, message) => {
    const log = recordingLog();
    const driver = createDesktopDriver({
      chatUrl: 'http://127.0.0.1:9/',
      home: await tempFolder(),
      windowTitle: null,
      timeoutMs: 5_000,
      timeZone: 'UTC',
      clock: machineClock,
      log,
      environment: { PATH: process.env['PATH'], XDG_SESSION_TYPE: 'x11', ...own },
      platform: 'linux',
    });
    const error = await chatErrorFrom(startAsking(driver, chatRequest('Nowhere.')).reply);
    expect(error.code).toBe('needs_operator');
    expect(error.message).toMatch(message);
    const findings = await driver.check(never());
    expect(findings.map(({ level }) => level)).toContain('error');
    expect(findings.find(({ level }) => level === 'error')?.action).toMatch(/\w/);
    // No helper has run, and so none has ended.
    expect(log.records).toEqual([]);
    await driver.close();
  });
});

/** A picture without a meaning. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32BE(data.length, 0);
    sizes.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([sizes.subarray(0, 4), body, sizes.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height, 0x5a);
  for (let y = 0; y < height; y += 1) rows[y * (width * 3 + 1)] = 0;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
