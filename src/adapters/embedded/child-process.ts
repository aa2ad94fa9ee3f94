/** The life of the embedded Supabase's process: start on order, serve, stop whole. */
import { messageOf, PlanlineError } from '../../core/errors.ts';
import { createChildLog, describeError, sendConsoleTo } from './child-log.ts';
import {
  failureCode,
  type FromChild,
  type SqlOrder,
  type StartOrder,
  toChild,
} from './messages.ts';
import { openEmbedded, type OpenEmbedded } from './open.ts';

/** A stop that takes longer is cut short: acknowledged rows survive that. */
const STOP_LIMIT_MS = 8_000;
/** How long a daemon that is alive may take to order the stop after a SIGTERM. */
const TERM_GRACE_MS = 30_000;

export function runChild(): void {
  if (!process.connected) {
    process.stderr.write('This file is started by planline. Run: planline daemon\n');
    process.exit(2);
  }
  const log = createChildLog(send);
  sendConsoleTo(log);
  let opening: Promise<OpenEmbedded> | undefined;
  let stopping = false;
  let terminated = false;

  async function start(order: StartOrder): Promise<void> {
    opening = openEmbedded(order, { log, onBroken: fail });
    try {
      const { url, secretKey, publishableKey } = await opening;
      send({ type: 'ready', running: { url, secretKey, publishableKey } });
    } catch (error) {
      // A stop that came meanwhile waits for the same promise and ends the process.
      if (!stopping) fail(error);
    }
  }

  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    try {
      const opened = await opening;
      await opened?.close();
      process.exit(0);
    } catch (error) {
      process.stderr.write(`${describeError(error)}\n`);
      process.exit(1);
    }
  }

  async function sql({ id, text, params }: SqlOrder): Promise<void> {
    try {
      const opened = await opening;
      if (opened === undefined) throw new PlanlineError('unavailable', 'It was not started yet.');
      send({ type: 'rows', id, rows: [...(await opened.sql(text, params))] });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      send({ type: 'sql_failed', id, code, message: messageOf(error) });
    }
  }

  process.on('message', (message) => {
    const order = toChild.parse(message);
    if (order.type === 'start') void start(order);
    else if (order.type === 'sql') void sql(order);
    else void stop();
  });
  // A service manager ends all processes of a service at once, but the daemon still needs the
  // database to give its leads back: its order is waited for. A second signal means now.
  process.on('SIGTERM', () => {
    if (terminated || !process.connected) void stop();
    else setTimeout(() => void stop(), TERM_GRACE_MS);
    terminated = true;
  });
  // The daemon was killed. It may be started again at once, and needs the lock then.
  process.on('disconnect', () => void stop());
  process.on('uncaughtException', fail);
}

/** Ends the process at once, without closing a database whose state nobody knows. */
function fail(error: unknown): void {
  const code = failureCode.safeParse(error instanceof PlanlineError ? error.code : '').data;
  const message = error instanceof PlanlineError ? error.message : describeError(error);
  process.stderr.write(`${[message, ...stackOf(error)].join('\n')}\n`);
  const exit = (): never => process.exit(1);
  const told: FromChild = { type: 'failed', code: code ?? 'unavailable', message };
  if (process.connected) process.send?.(told, exit);
  else exit();
}

/** Without its first lines, the message: that of a database error may quote a row. */
function stackOf(error: unknown): string[] {
  if (!(error instanceof Error) || error instanceof PlanlineError) return [];
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}

function send(message: FromChild): void {
  // Once the daemon is gone nobody listens, and sending would throw.
  if (process.connected) process.send?.(message);
}
