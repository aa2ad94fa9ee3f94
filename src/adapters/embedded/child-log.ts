/** The child's Log: entries travel to the daemon, whose log they join. */
import type { Log } from '../../ports.ts';
import type { FromChild } from './messages.ts';

type Fields = Readonly<Record<string, unknown>>;

export function createChildLog(send: (message: FromChild) => void, base: Fields = {}): Log {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: Fields, message: string): void => {
      send({ type: 'log', level, fields: { ...base, ...fields }, message });
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => createChildLog(send, { ...base, ...fields }),
  };
}

/**
 * What may be told of an error. PostgreSQL's DETAIL and the parameters quote rows, which hold
 * personal data: only code and message are kept, and of a database error only the code.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error;
  // The system's errors have a code as well; their message holds a path at most.
  const sqlState = 'code' in error && !('syscall' in error) ? error.code : undefined;
  if (typeof sqlState !== 'string') return `${error.name}: ${error.message}`;
  return `${error.name} ${sqlState}`;
}

/** lite prints to the console, errors with whole rows among them. */
export function sendConsoleTo(log: Log): void {
  const write = (...parts: unknown[]): void => {
    log.debug({ said: parts.map(describeError) }, '@supabase/lite printed something');
  };
  Object.assign(console, { log: write, info: write, warn: write, error: write, debug: write });
}
