/** The last lines of a stream, for the message about a process that ended. */
import type { Readable } from 'node:stream';

const MAX_CHARS = 4_000;

export interface Tail {
  /** The last lines so far, trimmed. */
  text(): string;
}

export function createTail(stream: Readable): Tail {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-MAX_CHARS);
  });
  return { text: () => text.trim() };
}
