/** What the driver and its helper process tell each other over IPC: one order, one answer. */
import { z } from 'zod';
import { KEY_NAMES } from './keys.ts';

const point = z.object({ x: z.int(), y: z.int() });
export type Point = z.infer<typeof point>;

/** In the screen's own coordinates. */
const region = z.object({
  left: z.int(),
  top: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
});
export type Region = z.infer<typeof region>;

/** The window system's own number of a window: on X11 the one that wmctrl prints. */
const windowId = z.int();

/** What must hold at the very moment before input is made. */
const guard = z.object({
  windowId,
  /** Where we left the pointer; null before we have moved it. */
  pointer: point.nullable(),
});
export type Guard = z.infer<typeof guard>;

const chord = z.array(z.enum(KEY_NAMES)).min(1);

const content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  /** An image, or files that were copied, as the X11 target `type` gives them. */
  z.object({ kind: z.literal('bytes'), type: z.string(), base64: z.string() }),
  /** Something that can be neither read nor put back, such as another program's own format. */
  z.object({ kind: z.literal('other') }),
]);
export type ClipboardContent = z.infer<typeof content>;

const acted = z.enum([
  'done',
  /** Nothing was pressed: another window was in front. */
  'other_window',
  /** Nothing was pressed: the pointer was not where we left it. */
  'pointer_moved',
]);
export type Acted = z.infer<typeof acted>;

const done = z.object({});

const scene = z.object({
  /** Id of the window in front; null when there is none. */
  windowId: windowId.nullable(),
  pointer: point,
});
export type Scene = z.infer<typeof scene>;

/** Null when no window is in front, or it has no size. */
const frontWindow = z.object({ windowId, title: z.string(), region }).nullable();
export type FrontWindow = z.infer<typeof frontWindow>;

const glance = z.object({
  /** Pixels that differ from the glance before; null when that was of another region, or none. */
  changed: z.int().nullable(),
  stopSign: z.boolean(),
});
export type Glance = z.infer<typeof glance>;

export const ORDERS = {
  scene: z.object({}),
  /**
   * More of the window in front. Asked for seldom: nut-js ends its process when the window goes away
   * while it is looked at.
   */
  frontWindow: z.object({}),
  press: z.object({ chord, guard }),
  click: z.object({ at: point, guard }),
  /** Lets go of every modifier, whoever holds it down. */
  release: z.object({}),
  glance: z.object({ region }),
  /** Writes a PNG to `file`. */
  screenshot: z.object({ region, file: z.string().min(1) }),
  readClipboard: z.object({}),
  writeClipboard: z.object({ content }),
  /** What the helper puts on the clipboard when the driver dies; null when that is not ours. */
  keep: z.object({ content: content.nullable() }),
} as const;

export const ANSWERS = {
  scene,
  frontWindow,
  press: acted,
  click: acted,
  release: done,
  glance,
  screenshot: done,
  readClipboard: content,
  writeClipboard: done,
  keep: done,
} as const;

export type OrderName = keyof typeof ORDERS;
type Orders = { readonly [Name in OrderName]: z.infer<(typeof ORDERS)[Name]> };
type Answers = { readonly [Name in OrderName]: z.infer<(typeof ANSWERS)[Name]> };
export type Order<Name extends OrderName> = Orders[Name];
export type Answer<Name extends OrderName> = Answers[Name];

/** Mapped, so that one name ties a schema to its type. */
type Schemas<Types> = { readonly [Name in keyof Types]: z.ZodType<Types[Name]> };
const answers: Schemas<Answers> = ANSWERS;
const orders: Schemas<Orders> = ORDERS;

export function parseAnswer<Name extends OrderName>(name: Name, value: unknown): Answer<Name> {
  return answers[name].parse(value);
}

export function parseOrder<Name extends OrderName>(name: Name, value: unknown): Order<Name> {
  return orders[name].parse(value);
}

const id = z.int().positive();
const orderName = z.enum(Object.keys(ORDERS) as [OrderName, ...OrderName[]]); // the keys of a constant

/** `setup`: the machine lacks something. `failed`: it did not work this time. */
const failureCode = z.enum(['setup', 'failed']);
export type FailureCode = z.infer<typeof failureCode>;

export const toHelper = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    keyDelayMs: z.int().nonnegative(),
    modifiers: chord,
    clipboardMs: z.int().positive(),
  }),
  z.object({ type: z.literal('order'), id, name: orderName, order: z.unknown() }),
  z.object({ type: z.literal('stop') }),
]);
export type ToHelper = z.infer<typeof toHelper>;

export const fromHelper = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('answer'), id, answer: z.unknown() }),
  /** The message is ours and quotes nothing from the screen or the clipboard. */
  z.object({ type: z.literal('failed'), id, code: failureCode, message: z.string() }),
]);
export type FromHelper = z.infer<typeof fromHelper>;
