/**
 * One prompt's hands on the desk. Every key and click goes to the window that was proved to be ours, or
 * nowhere: the helper looks at the window in front and at the pointer at the moment of pressing.
 */
import { ChatError } from '../../../core/errors.ts';
import type { Watch } from '../openai/watch.ts';
import { Interruption } from './interruption.ts';
import type { Shortcut } from './keys.ts';
import type { Acted, FrontWindow, Glance, Point, Region } from './messages.ts';
import { pointerMoved, sameScene } from './presence.ts';
import type { Session } from './session.ts';
import { chooseWindow, isBrowserTitle, type ListedWindow } from './windows.ts';

export interface Desk {
  /** Waits, or throws the watch's error as soon as it has ended. */
  pause(ms: number): Promise<void>;
  /** Throws ChatError when there is no window for us, without a key or a click. */
  findWindow(): Promise<void>;
  /** Brings our window to the front. Throws ChatError when there is none. */
  comeForward(): Promise<void>;
  /** Throws Interruption when another window is in front or the pointer was moved. */
  press(shortcut: Shortcut): Promise<void>;
  /** Gives the page the focus, by a click where nothing can be clicked. */
  clickMargin(): Promise<void>;
  /** Throws Interruption when another window has come to the front meanwhile. */
  checkInFront(): Promise<void>;
  /** What moves in our window, and whether the stop sign is shown; null when it is not in front. */
  glance(): Promise<Glance | null>;
  /** Nobody has touched what we left. */
  isAsWeLeftIt(): Promise<boolean>;
  /** Resolves when nothing has changed at the desk for `quietMs`. */
  waitForQuiet(): Promise<void>;
}

interface Front {
  readonly id: number;
  readonly region: Region;
}

/** From the right edge of the window: left of its scroll bar, right of any text. */
const MARGIN_PX = 56;
/** From the top of the window: below the browser's own bars, above the composer. */
const MARGIN_HEIGHT = 0.45;

export function createDesk(session: Session, watch: Watch): Desk {
  const { helper, keys, timings, memory } = session;
  let front: Front | null = null;

  const ended = (): void => {
    const error = watch.error();
    if (error !== null) throw error;
  };
  const inFront = (): Front => {
    if (front === null) throw new Interruption('other_window');
    return front;
  };
  const guard = () => ({ windowId: inFront().id, pointer: memory.pointer });

  async function pause(ms: number): Promise<void> {
    ended();
    await session.settings.clock.sleep(ms, watch.signal);
    ended();
  }

  async function waitUntilInFront(id: number): Promise<void> {
    const untilMs = session.settings.clock.now() + timings.raiseMs;
    for (;;) {
      const { windowId } = await helper.call('scene', {});
      if (windowId === id) return;
      if (session.settings.clock.now() >= untilMs) throw new Interruption('other_window');
      await pause(timings.pollMs);
    }
  }

  return {
    pause,
    async findWindow() {
      ended();
      if (session.windows !== null) pickWindow(session, await session.windows.list());
    },
    async comeForward() {
      front = null;
      const { windowId, region } = await findFront(session, waitUntilInFront);
      // Where the pointer is now is where we take over; a click of ours moves it from here on.
      memory.pointer = (await helper.call('scene', {})).pointer;
      memory.windowId = windowId;
      front = { id: windowId, region };
    },
    async press(shortcut) {
      ended();
      refuseUnlessDone(await helper.call('press', { chord: [...keys[shortcut]], guard: guard() }));
      await pause(timings.settleMs);
    },
    async clickMargin() {
      ended();
      const at = marginOf(inFront().region);
      refuseUnlessDone(await helper.call('click', { at, guard: guard() }));
      memory.pointer = at;
      await pause(timings.settleMs);
    },
    async checkInFront() {
      const { windowId } = await helper.call('scene', {});
      if (windowId !== inFront().id) throw new Interruption('other_window');
    },
    async glance() {
      if (front === null) return null;
      const { windowId } = await helper.call('scene', {});
      return windowId === front.id ? await helper.call('glance', { region: front.region }) : null;
    },
    async isAsWeLeftIt() {
      if (memory.pointer === null) return false;
      const { windowId, pointer } = await helper.call('scene', {});
      return windowId === memory.windowId && !pointerMoved(memory.pointer, pointer);
    },
    async waitForQuiet() {
      let before = await helper.call('scene', {});
      let sinceMs = session.settings.clock.now();
      while (session.settings.clock.now() - sinceMs < timings.quietMs) {
        await pause(timings.pollMs);
        const now = await helper.call('scene', {});
        if (!sameScene(before, now)) sinceMs = session.settings.clock.now();
        before = now;
      }
    },
  };
}

function refuseUnlessDone(acted: Acted): void {
  if (acted !== 'done') throw new Interruption(acted);
}

function marginOf({ left, top, width, height }: Region): Point {
  return {
    x: Math.round(left + width - MARGIN_PX),
    y: Math.round(top + height * MARGIN_HEIGHT),
  };
}

type Window = NonNullable<FrontWindow>;

async function findFront(
  session: Session,
  waitUntilInFront: (id: number) => Promise<void>,
): Promise<Window> {
  const { windows, helper } = session;
  if (windows === null) return await windowInFront(session);
  const { id } = pickWindow(session, await windows.list());
  await windows.raise(id);
  await waitUntilInFront(id);
  const window = await helper.call('frontWindow', {});
  if (window?.windowId !== id) throw new Interruption('other_window');
  return window;
}

function pickWindow({ settings, memory }: Session, listed: readonly ListedWindow[]): ListedWindow {
  const choice = chooseWindow(listed, settings.windowTitle, memory.windowId);
  if (choice.kind === 'chosen') return choice.window;
  memory.windowId = null;
  throw choice.kind === 'none'
    ? noWindowError(settings.windowTitle)
    : manyWindowsError(choice.count);
}

/** Where we cannot choose among windows, the operator has put the right one in front. */
async function windowInFront({ helper, settings }: Session): Promise<Window> {
  const window = await helper.call('frontWindow', {});
  const wanted = settings.windowTitle ?? 'ChatGPT';
  const isOurs = window !== null && isBrowserTitle(window.title) && window.title.includes(wanted);
  if (!isOurs) throw noWindowError(settings.windowTitle);
  return window;
}

export function noWindowError(wanted: string | null): ChatError {
  const which = wanted === null ? 'browser window' : 'browser window with the title you set';
  return new ChatError(
    'needs_operator',
    `There is no ${which} on this screen. Open ChatGPT in your own browser, log in, and leave that ` +
      'window open; planline then goes on by itself.',
  );
}

function manyWindowsError(count: number): ChatError {
  return new ChatError(
    'needs_operator',
    `${count} browser windows could be meant. Leave one of them showing ChatGPT, or name a part of ` +
      'its title in CHAT_WINDOW_TITLE.',
  );
}
