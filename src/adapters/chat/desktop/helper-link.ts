/** The driver's end of the helper process: starts it when it is needed, and again when it is lost. */
import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../../core/errors.ts';
import type { Clock, Log } from '../../../ports.ts';
import { Interruption } from './interruption.ts';
import type { Chord } from './keys.ts';
import {
  type Answer,
  type FailureCode,
  fromHelper,
  type FromHelper,
  type Order,
  type OrderName,
  parseAnswer,
  type ToHelper,
} from './messages.ts';
import type { Environment } from './screen-session.ts';
import type { Timings } from './timings.ts';

export interface Helper {
  /**
   * Throws Interruption `helper_lost` when the process ends, hangs or could not do this, and
   * HelperFailure when it never will.
   */
  call<Name extends OrderName>(name: Name, order: Order<Name>): Promise<Answer<Name>>;
  /** Of the process that runs now, or null. For tests and logs. */
  pid(): number | null;
  /** Lets it put the desk right, and resolves when it is gone. */
  stop(): Promise<void>;
}

/** The machine lacks something that the helper needs. The message may be shown. */
export class HelperFailure extends Error {
  override readonly name = 'HelperFailure';
}

export interface HelperOptions {
  readonly environment: () => Promise<Environment>;
  readonly modifiers: Chord;
  readonly timings: Timings;
  readonly clock: Clock;
  readonly log: Log;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Running {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  /** Rejects when the process ends first. */
  exchange(name: OrderName, order: unknown): Promise<unknown>;
}

const STOP_LIMIT_MS = 8_000;

export function createHelper(options: HelperOptions): Helper {
  let starting: Promise<Running> | null = null;
  let current: Running | null = null;

  /** Its tools may have to be put on the disk first, which may be full. */
  async function environment(): Promise<Environment> {
    try {
      return await options.environment();
    } catch (error) {
      const why = messageOf(error);
      throw new HelperFailure(`The desktop helper cannot be started: ${why}`, { cause: error });
    }
  }

  async function begin(): Promise<Running> {
    const running = runningHelper(forkHelper(await environment()), options);
    current = running;
    void running.exited.then(() => {
      if (current === running) current = null;
      starting = null;
    });
    return running;
  }

  /** A start that fails, as on a full disk, is tried anew with the next order. */
  async function helper(): Promise<Running> {
    starting ??= begin();
    try {
      return await starting;
    } catch (error) {
      starting = null;
      throw error;
    }
  }

  /** A helper that does not answer is of no use, and what it waits for may come at a bad time. */
  async function withinLimit<T>({ child }: Running, work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const late = options.clock
      .sleep(options.timings.callMs, over.signal)
      .then(() => 'late' as const);
    try {
      const first = await Promise.race([work.then((value) => ({ value })), late]);
      if (first !== 'late') return first.value;
      options.log.warn({ pid: child.pid }, 'The desktop helper does not answer: it is ended');
      child.kill('SIGKILL');
      throw new Interruption('helper_lost');
    } finally {
      over.abort();
    }
  }

  return {
    async call(name, order) {
      const running = await helper();
      await withinLimit(running, running.ready);
      return parseAnswer(name, await withinLimit(running, running.exchange(name, order)));
    },
    pid: () => current?.child.pid ?? null,
    async stop() {
      // A start that failed leaves nothing to stop; whoever gave the order was told.
      const [started] = await Promise.allSettled(starting === null ? [] : [starting]);
      if (started?.status !== 'fulfilled') return;
      const { child, exited } = started.value;
      send(child, { type: 'stop' });
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

function forkHelper(env: Environment): ChildProcess {
  // Beside this file: .ts in the checkout, .js in the package.
  const entry = new URL(`./helper${extname(import.meta.url)}`, import.meta.url);
  return fork(fileURLToPath(entry), [], {
    env: { ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function runningHelper(child: ChildProcess, { modifiers, timings, log }: HelperOptions): Running {
  const waiting = new Map<number, Waiting>();
  const ready = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<void>();
  // Whoever waits for it hears of it; nobody may be waiting.
  ready.promise.catch(() => undefined);
  let lastId = 0;

  function receive(message: FromHelper): void {
    if (message.type === 'ready') return ready.resolve();
    const one = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'answer') one?.resolve(message.answer);
    else one?.reject(errorOf(message));
  }

  function end(how: string): void {
    log.info({ pid: child.pid, how }, 'The desktop helper has ended');
    const lost = new Interruption('helper_lost');
    ready.reject(lost);
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
    exited.resolve();
  }

  child.on('message', (message) => receive(fromHelper.parse(message)));
  child.once('error', (error) => end(error.message));
  child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  const { keyDelayMs, clipboardMs } = timings;
  send(child, { type: 'start', keyDelayMs, modifiers: [...modifiers], clipboardMs });

  return {
    child,
    ready: ready.promise,
    exited: exited.promise,
    exchange: (name, order) =>
      new Promise((resolve, reject) => {
        if (!child.connected) return reject(new Interruption('helper_lost'));
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        send(child, { type: 'order', id: lastId, name, order });
      }),
  };
}

/** What failed once may go well the next time, when the phase has begun again. */
function errorOf({ code, message }: { code: FailureCode; message: string }): Error {
  const failure = new HelperFailure(message);
  return code === 'setup' ? failure : new Interruption('helper_lost', { cause: failure });
}

function send(child: ChildProcess, message: ToHelper): void {
  // The exit is what tells that the child is gone: an error here would only say it twice.
  if (child.connected) child.send(message, () => undefined);
}
