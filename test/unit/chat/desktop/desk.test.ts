import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../../src/adapters/chat/desktop/address.ts';
import { KEY_NAMES, KEYS, MODIFIERS } from '../../../../src/adapters/chat/desktop/keys.ts';
import { pointerMoved, sameScene } from '../../../../src/adapters/chat/desktop/presence.ts';
import { screenSessionOf } from '../../../../src/adapters/chat/desktop/screen-session.ts';
import {
  chooseWindow,
  isBrowserClass,
  isBrowserTitle,
  parseWindows,
  type ListedWindow,
} from '../../../../src/adapters/chat/desktop/windows.ts';

describe('keys', () => {
  const platforms = Object.entries(KEYS);

  it.each(platforms)('of %s hold modifiers first and one key last', (_platform, keys) => {
    const modifiers: readonly string[] = [
      'LeftControl',
      'LeftShift',
      'LeftAlt',
      'LeftCmd',
      'LeftMeta',
    ];
    for (const chord of Object.values(keys)) {
      const [last, ...held] = chord.toReversed();
      expect(modifiers).not.toContain(last);
      for (const key of held) expect(modifiers).toContain(key);
    }
  });

  it.each(platforms)('of %s are let go of, whatever was held', (platform, keys) => {
    const held = new Set(Object.values(keys).flatMap((chord) => chord.slice(0, -1)));
    const released = MODIFIERS[platform as keyof typeof MODIFIERS]; // a key of the same constant's type
    for (const key of held) expect(released).toContain(key);
  });

  it('take Ctrl on Linux and Windows, Cmd on macOS', () => {
    expect(KEYS.linux.copy).toEqual(['LeftControl', 'C']);
    expect(KEYS.win32.newChat).toEqual(['LeftControl', 'LeftShift', 'O']);
    expect(KEYS.darwin.copyAnswer).toEqual(['LeftCmd', 'LeftShift', 'C']);
    expect(KEYS.darwin.focusComposer).toEqual(['LeftShift', 'Escape']);
    expect(new Set(KEY_NAMES).size).toBe(KEY_NAMES.length);
  });
});

describe('screen session', () => {
  it('is usable on X11, and names the display', () => {
    const session = screenSessionOf('linux', { DISPLAY: ':1', XDG_SESSION_TYPE: 'x11' });
    expect(session).toEqual({ kind: 'usable', platform: 'linux', display: ':1' });
  });

  it.each(['darwin', 'win32'] as const)('is usable on %s without a display', (platform) => {
    expect(screenSessionOf(platform, {})).toEqual({ kind: 'usable', platform, display: null });
  });

  it.each([
    ['no_display', 'linux', {}],
    ['no_display', 'linux', { DISPLAY: '' }],
    ['wayland', 'linux', { DISPLAY: ':0', WAYLAND_DISPLAY: 'wayland-0' }],
    ['wayland', 'linux', { DISPLAY: ':0', XDG_SESSION_TYPE: 'wayland' }],
    ['platform', 'freebsd', { DISPLAY: ':0' }],
  ])('is refused for %s, with what to do', (reason, platform, environment) => {
    const session = screenSessionOf(platform, environment);
    const action: unknown = expect.stringContaining('CHAT_DRIVER');
    expect(session).toMatchObject({ kind: 'unusable', reason, action });
  });
});

describe('address', () => {
  const chatUrl = 'https://chatgpt.com/';
  const id = '6924a0c2-0b5c-8012-a3f1-08f4f7d8a111';

  it.each([
    ['https://chatgpt.com/', { kind: 'home' }],
    ['https://chatgpt.com/?model=gpt-5', { kind: 'home' }],
    [`https://chatgpt.com/c/${id}`, { kind: 'conversation', url: `https://chatgpt.com/c/${id}` }],
    [
      ` https://chatgpt.com/c/${id}?x=1#y `,
      { kind: 'conversation', url: `https://chatgpt.com/c/${id}` },
    ],
    [
      `https://chatgpt.com/g/g-p-1-x/c/${id}`,
      { kind: 'conversation', url: `https://chatgpt.com/g/g-p-1-x/c/${id}` },
    ],
    ['https://chatgpt.com/c/WEB:d2b0', { kind: 'pending' }],
    ['https://chatgpt.com/c/WEB%3Ad2b0', { kind: 'pending' }],
    ['https://chatgpt.com/settings', { kind: 'elsewhere' }],
    ['https://auth.openai.com/log-in', { kind: 'other_site' }],
    [`https://chatgpt.com.example.org/c/${id}`, { kind: 'other_site' }],
    [`http://chatgpt.com/c/${id}`, { kind: 'other_site' }],
    ['chrome://bookmarks/', { kind: 'browser' }],
    ['about:blank', { kind: 'browser' }],
    ['planline 6924\nplanline 0b5c', { kind: 'none' }],
    ['data:text/html,<p class=x>a b', { kind: 'other_site' }],
    ['a thought: of my own', { kind: 'none' }],
    ['Hello', { kind: 'none' }],
    ['', { kind: 'none' }],
    [null, { kind: 'none' }],
  ])('%j is %j', (copied, address) => {
    expect(addressOf(copied, chatUrl)).toEqual(address);
  });
});

describe('windows', () => {
  const plain = [
    '0x00400002  0 vm New chat - Chromium',
    '0x00600007 -1 vm .Chromium vm x',
    '0x00800003  0 N/A ',
    '0x00a00001  0 vm Notes about ChatGPT',
  ].join('\n');
  const classes = [
    '0x00400002  0 chromium (/home/a b/profile).Chromium  vm ChatGPT - Chromium',
    '0x00600007 -1 xterm.XTerm             vm .Chromium vm x',
    '0x00800003  0 N/A                   N/A ',
    '0x00a00001  0 gedit.Gedit             vm Notes about ChatGPT',
    '0x00c00001  0 late.Late               vm came later',
  ].join('\n');

  it('are read with spaces in class and title, and those of one look only', () => {
    expect(parseWindows(plain, classes)).toEqual([
      {
        id: 0x400002,
        className: 'chromium (/home/a b/profile).Chromium',
        title: 'ChatGPT - Chromium',
      },
      { id: 0x600007, className: 'xterm.XTerm', title: '.Chromium vm x' },
      { id: 0x800003, className: 'N/A', title: '' },
      { id: 0xa00001, className: 'gedit.Gedit', title: 'Notes about ChatGPT' },
    ]);
  });

  it('of browsers are told by class, not by what their title says', () => {
    const browsers = parseWindows(plain, classes).filter(({ className }) =>
      isBrowserClass(className),
    );
    expect(browsers.map(({ id }) => id)).toEqual([0x400002]);
    expect(isBrowserClass('google-chrome.Google-chrome')).toBe(true);
    expect(isBrowserClass('Navigator.firefox')).toBe(true);
  });

  it.each([
    'ChatGPT - Google Chrome',
    'ChatGPT — Mozilla Firefox',
    'ChatGPT - Google Chrome – Home',
  ])('of browsers are told by title where there is no class: %s', (title) => {
    expect(isBrowserTitle(title)).toBe(true);
    expect(isBrowserTitle('ChatGPT notes - Text Editor')).toBe(false);
  });

  const browser = (id: number, title: string): ListedWindow => ({
    id,
    className: 'chromium.Chromium',
    title: `${title} - Chromium`,
  });

  it.each([
    [
      'the one that was ours, whatever it shows',
      [browser(1, 'ChatGPT'), browser(2, 'News')],
      null,
      2,
      2,
    ],
    ['the one with the wanted title', [browser(1, 'ChatGPT'), browser(2, 'Work')], 'work', null, 2],
    ['the one that shows ChatGPT', [browser(1, 'News'), browser(2, 'ChatGPT')], null, null, 2],
    ['the only one, by whatever title', [browser(1, 'Study notes')], null, null, 1],
    ['the one that shows ChatGPT once ours is gone', [browser(3, 'ChatGPT')], null, 2, 3],
  ])('%s is chosen', (_name, windows, wanted, ours, id) => {
    expect(chooseWindow(windows, wanted, ours)).toMatchObject({ kind: 'chosen', window: { id } });
  });

  it('none and many are told apart', () => {
    const notes = { id: 9, className: 'gedit.Gedit', title: 'ChatGPT' };
    expect(chooseWindow([notes], null, null)).toEqual({ kind: 'none' });
    expect(chooseWindow([browser(1, 'ChatGPT')], 'Work', null)).toEqual({ kind: 'none' });
    const two = [browser(1, 'ChatGPT'), browser(2, 'ChatGPT')];
    expect(chooseWindow(two, null, null)).toEqual({ kind: 'many', count: 2 });
  });
});

describe('presence', () => {
  const scene = { windowId: 1, pointer: { x: 10, y: 10 } };

  it('of a person shows by a pointer that is elsewhere, but for rounding', () => {
    expect(pointerMoved({ x: 10, y: 10 }, { x: 11, y: 9 })).toBe(false);
    expect(pointerMoved({ x: 10, y: 10 }, { x: 10, y: 30 })).toBe(true);
    expect(pointerMoved(null, { x: 10, y: 30 })).toBe(false);
  });

  it.each([
    ['another window', { ...scene, windowId: 2 }],
    ['no window', { ...scene, windowId: null }],
    ['another place of the pointer', { ...scene, pointer: { x: 90, y: 10 } }],
  ])('of a person shows by %s', (_name, now) => {
    expect(sameScene(scene, now)).toBe(false);
    expect(sameScene(now, now)).toBe(true);
  });
});
