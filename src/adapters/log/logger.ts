/** Structured logging by pino: JSON lines in a file, readable ones on a terminal, both scrubbed. */
import pino from 'pino';
import pretty from 'pino-pretty';
import { createScrubber } from '../../core/scrub.ts';
import type { Log } from '../../ports.ts';
import { createLogFile } from './log-file.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LoggerOptions {
  readonly level: LogLevel;
  /** JSON lines go here, readable by their owner only; null: nowhere. */
  readonly file: string | null;
  /** Readable lines go to `destination`, from `level` on; null: nowhere. */
  readonly pretty: {
    readonly destination: NodeJS.WritableStream;
    readonly level: LogLevel;
    readonly colors: boolean;
  } | null;
  /** Keys, passwords and secret URLs that may not appear in any line. */
  readonly secrets: readonly string[];
  /** From this size on the file is set aside; for tests. */
  readonly maxBytes?: number;
}

export type Logger = Log & {
  /**
   * A client's name or another personal value that may not appear from now on, in child loggers
   * neither. Returns what lifts that again.
   */
  registerSecret(value: string): () => void;
  /** A text as a line of the log would show it. */
  scrub(text: string): string;
  close(): Promise<void>;
};

const MAX_BYTES = 10_000_000;
const KEPT_FILES = 5;

/** What pino writes by itself: a field of the same name would stand in the line twice. */
const OWN_KEYS: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'msg']);

type Fields = Readonly<Record<string, unknown>>;

function withoutOwnKeys(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [OWN_KEYS.has(key) ? `${key}_` : key, value]),
  );
}

function terminalStream(options: NonNullable<LoggerOptions['pretty']>): pino.DestinationStream {
  const format = pretty.prettyFactory({
    colorize: options.colors,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  });
  return { write: (line) => void options.destination.write(format(line)) };
}

export function createLogger(options: LoggerOptions): Logger {
  const scrubber = createScrubber(options.secrets);
  const terminal = options.pretty;
  const logFile =
    options.file === null
      ? null
      : createLogFile({
          path: options.file,
          maxBytes: options.maxBytes ?? MAX_BYTES,
          kept: KEPT_FILES,
          onFailure: (message) =>
            void (terminal?.destination ?? process.stderr).write(`${message}\n`),
        });

  const streams: pino.StreamEntry[] = [
    ...(logFile === null ? [] : [{ level: options.level, stream: logFile }]),
    ...(terminal === null ? [] : [{ level: terminal.level, stream: terminalStream(terminal) }]),
  ];
  const logger = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors come here as plain data already, with their causes.
      serializers: { err: (value: unknown) => value },
    },
    pino.multistream(streams),
  );

  const bind = (bound: Fields): Log => {
    const at =
      (level: LogLevel): Log['info'] =>
      (fields, message) => {
        if (!logger.isLevelEnabled(level)) return;
        // At the time of the line: a name may have been registered after the child was made.
        const shown = scrubber.value(withoutOwnKeys({ ...bound, ...fields }));
        logger[level](shown, scrubber.text(message));
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => bind({ ...bound, ...fields }),
    };
  };

  return {
    ...bind({}),
    registerSecret: (value) => scrubber.add(value),
    scrub: (text) => scrubber.text(text),
    close() {
      logFile?.close();
      return Promise.resolve();
    },
  };
}
