import { assert, jsonValue, dictionary, string, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedEnvelope } from '../../../src/core/events.ts';

const { data } = storedEnvelope.shape;

describe('data of a stored event', () => {
  it('is any object of JSON, and comes out as it went in', () => {
    assert(
      property(dictionary(string(), jsonValue()), (value) => {
        expect(data.parse(value)).toEqual(value);
      }),
    );
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['a text', 'data'],
    ['a value that JSON leaves out', { a: undefined }],
    ['a number that JSON cannot say', { a: [Number.NaN] }],
    ['a number without end', { a: { b: Infinity } }],
    ['an object with a class', { a: new Date(0) }],
    ['a map', new Map()],
    ['a function', { a: () => 1 }],
  ])('is not %s', (_what, value) => {
    expect(data.safeParse(value).success).toBe(false);
  });
});
