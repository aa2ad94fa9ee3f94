import { describe, expect, it } from 'vitest';
import {
  ANSWERS,
  fromHelper,
  ORDERS,
  parseAnswer,
  parseOrder,
  toHelper,
} from '../../../../src/adapters/chat/desktop/messages.ts';

describe('messages between driver and helper', () => {
  it('have an answer for each order', () => {
    expect(Object.keys(ANSWERS).sort()).toEqual(Object.keys(ORDERS).sort());
  });

  it('are read as they were meant', () => {
    const order = { chord: ['LeftControl', 'C'], guard: { windowId: 7, pointer: null } };
    const message = { type: 'order', id: 1, name: 'press', order };
    expect(toHelper.parse(structuredClone(message))).toEqual(message);
    expect(parseOrder('press', order)).toEqual(order);
    expect(fromHelper.parse({ type: 'answer', id: 1, answer: 'done' })).toMatchObject({ id: 1 });
    expect(parseAnswer('press', 'other_window')).toBe('other_window');
    const image = { kind: 'bytes', type: 'image/png', base64: 'AAAA' };
    expect(parseAnswer('readClipboard', image)).toEqual(image);
  });

  it.each([
    ['an order that nobody knows', () => toHelper.parse({ type: 'order', id: 1, name: 'type' })],
    [
      'a chord without keys',
      () => parseOrder('press', { chord: [], guard: { windowId: 1, pointer: null } }),
    ],
    [
      'a key that is not ours',
      () => parseOrder('press', { chord: ['F4'], guard: { windowId: 1, pointer: null } }),
    ],
    ['input without a guard', () => parseOrder('click', { at: { x: 1, y: 1 } })],
    [
      'a region without a size',
      () => parseOrder('glance', { region: { left: 0, top: 0, width: 0, height: 9 } }),
    ],
    ['an answer of another kind', () => parseAnswer('press', 'pressed')],
    ['a failure without a code', () => fromHelper.parse({ type: 'failed', id: 1, message: 'no' })],
  ])('are refused: %s', (_name, parse) => {
    expect(parse).toThrow(/./);
  });
});
