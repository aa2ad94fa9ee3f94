import { expect, it } from 'vitest';
import { numberJson, timestampJson } from '../../../src/adapters/embedded/wire-values.ts';

it.each([
  ['2026-11-23 10:00:00+00', '2026-11-23T10:00:00+00:00'],
  ['2026-11-23 10:00:00.123456-08', '2026-11-23T10:00:00.123456-08:00'],
  ['2026-11-23 10:00:00+05:30', '2026-11-23T10:00:00+05:30'],
  ['2026-11-23 10:00:00', '2026-11-23T10:00:00'],
  ['0044-03-15 00:00:00+00 BC', '0044-03-15T00:00:00+00:00 BC'],
  ['infinity', 'infinity'],
  ['-infinity', '-infinity'],
])('writes the instant %s as JSON has it', (text, json) => {
  expect(timestampJson(text)).toBe(json);
});

it.each([
  ['1.50', 1.5],
  ['-0.001', -0.001],
  ['NaN', 'NaN'],
  ['-Infinity', '-Infinity'],
])('writes the number %s as JSON has it', (text, json) => {
  expect(numberJson(text)).toBe(json);
});
