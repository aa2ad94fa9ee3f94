import type { Log } from '../../src/ports.ts';

export interface LogRecord {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A Log that keeps what it is told. */
export function recordingLog(): Log & { readonly records: LogRecord[] } {
  const records: LogRecord[] = [];
  const make = (bound: Readonly<Record<string, unknown>>): Log => {
    const at =
      (level: LogRecord['level']): Log['info'] =>
      (fields, message) => {
        records.push({ level, fields: { ...bound, ...fields }, message });
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => make({ ...bound, ...fields }),
    };
  };
  return { ...make({}), records };
}
