/** vitest's matchers for a part of a value, typed as what they may stand for: anything. */
import { expect } from 'vitest';

export function containing(text: string): unknown {
  return expect.stringContaining(text);
}

export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

export function anyNumber(): unknown {
  return expect.any(Number);
}

export function anyString(): unknown {
  return expect.any(String);
}
