/** Keyboard, mouse and the window in front. Input is made only while its guard holds. */
import {
  getActiveWindow,
  keyboard,
  Key,
  mouse,
  Point,
  providerRegistry,
} from '@nut-tree-fork/nut-js';
import type { Chord, KeyName } from './keys.ts';
import type { Acted, FrontWindow, Guard, Scene } from './messages.ts';
import { pointerMoved } from './presence.ts';

export interface Input {
  scene(): Promise<Scene>;
  frontWindow(): Promise<FrontWindow>;
  press(chord: Chord, guard: Guard): Promise<Acted>;
  click(at: { x: number; y: number }, guard: Guard): Promise<Acted>;
  /** Lets go of all modifiers. */
  release(): Promise<void>;
}

export interface InputOptions {
  readonly keyDelayMs: number;
  readonly modifiers: Chord;
}

export function createInput({ keyDelayMs, modifiers }: InputOptions): Input {
  // One key a call with a pause after each: several at once, or none, lose keys.
  keyboard.config.autoDelayMs = keyDelayMs;
  mouse.config.autoDelayMs = keyDelayMs;
  providerRegistry.getKeyboard().setKeyboardDelay(keyDelayMs);
  return { scene, frontWindow, press, click, release: () => release(modifiers) };
}

async function scene(): Promise<Scene> {
  const { x, y } = await mouse.getPosition();
  return { windowId: await activeWindowId(), pointer: { x, y } };
}

async function frontWindow(): Promise<FrontWindow> {
  const windowId = await activeWindowId();
  if (windowId === null) return null;
  const window = await getActiveWindow();
  const title = await window.getTitle();
  const { left, top, width, height } = await window.getRegion();
  if (width <= 0 || height <= 0) return null;
  return { windowId, title, region: { left, top, width, height } };
}

/** Null while no window is in front, as for a moment when one closes. */
async function activeWindowId(): Promise<number | null> {
  const id = await providerRegistry.getWindow().getActiveWindow();
  return id > 0 ? id : null;
}

async function refusal(guard: Guard): Promise<Acted | null> {
  if ((await activeWindowId()) !== guard.windowId) return 'other_window';
  const pointer = await mouse.getPosition();
  return pointerMoved(guard.pointer, pointer) ? 'pointer_moved' : null;
}

async function press(chord: Chord, guard: Guard): Promise<Acted> {
  const refused = await refusal(guard);
  if (refused !== null) return refused;
  const held: KeyName[] = [];
  try {
    for (const key of chord) {
      held.unshift(key);
      await keyboard.pressKey(Key[key]);
    }
  } finally {
    for (const key of held) await keyboard.releaseKey(Key[key]);
  }
  return 'done';
}

async function click({ x, y }: { x: number; y: number }, guard: Guard): Promise<Acted> {
  const refused = await refusal(guard);
  if (refused !== null) return refused;
  await mouse.setPosition(new Point(x, y));
  await mouse.leftClick();
  return 'done';
}

async function release(keys: Chord): Promise<void> {
  for (const key of keys) await keyboard.releaseKey(Key[key]);
}
