/**
 * How a suite speaks with a rival: one JSON value a line, orders on its stdin, facts on its stdout. A
 * rival has two processes, as planline and the program that flags a lead are two: a `worker`, and a
 * `client` that enqueues.
 */
import { createInterface } from 'node:readline';

export type Role = 'worker' | 'client';

/** A run's work as planline did it, for a rival to do again; read from the file that the order names. */
export interface RunPlan {
  readonly steps: readonly PlannedStep[];
}

export interface PlannedStep {
  readonly name: string;
  /** Asked of the chat server before anything is written; null for a step without a prompt. */
  readonly prompt: string | null;
  readonly files: readonly PlannedFile[];
}

export interface PlannedFile {
  readonly path: string;
  readonly encoding: 'utf8' | 'base64';
  readonly content: string;
}

/** To a client. */
export type Order =
  /** Enqueue a job that does nothing. */
  | { readonly do: 'enqueue'; readonly id: string }
  /** Enqueue a run of the plan for each id; `folder` is where its folder is made. */
  | { readonly do: 'run'; readonly ids: readonly string[]; readonly folder: string };

export type Fact =
  | { readonly is: 'ready' }
  /** Of a client: `atMs` is when it began to enqueue. */
  | { readonly is: 'enqueued'; readonly id: string; readonly atMs: number }
  /** Of a worker: the first line of the job's own code, or of its first step. */
  | { readonly is: 'began'; readonly id: string; readonly atMs: number }
  | { readonly is: 'finished'; readonly id: string; readonly atMs: number };

/** What a rival is started with, as environment variables of the same names. */
export interface Settings {
  readonly role: Role;
  readonly databaseUrl: string;
  /** Variants of one rival: `notify`, `poll`, `fast`; empty for its defaults. */
  readonly variant: string;
  /** Runs at the same time. */
  readonly concurrency: number;
  /** JSON file with a RunPlan, and the chat server; empty where jobs do nothing. */
  readonly planFile: string;
  readonly chatUrl: string;
}

/**
 * Epoch ms with fractions, by the clock that PostgreSQL's clock_timestamp() reads too: Date.now() alone
 * has whole milliseconds.
 */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

export function tell(fact: Fact): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

export function settings(): Settings {
  const { env } = process;
  return {
    role: env['ROLE'] === 'client' ? 'client' : 'worker',
    databaseUrl: env['DATABASE_URL'] ?? '',
    variant: env['VARIANT'] ?? '',
    concurrency: Number(env['CONCURRENCY'] ?? '1'),
    planFile: env['PLAN_FILE'] ?? '',
    chatUrl: env['CHAT_URL'] ?? '',
  };
}

/** What a client does with its orders. */
export interface Handlers {
  enqueue(id: string): Promise<void>;
  run(ids: readonly string[], folder: string): Promise<void>;
}

const NONE: Handlers = {
  enqueue: () => Promise.reject(new Error('this process enqueues nothing')),
  run: () => Promise.reject(new Error('this process enqueues nothing')),
};

/** Says `ready` and takes orders, one after the other, until stdin ends. */
export async function serve(handlers: Partial<Handlers> = {}): Promise<void> {
  const { enqueue, run } = { ...NONE, ...handlers };
  tell({ is: 'ready' });
  for await (const line of createInterface({ input: process.stdin })) {
    // The suite writes what this file describes.
    const order = JSON.parse(line) as Order;
    if (order.do === 'run') await run(order.ids, order.folder);
    else {
      const atMs = nowMs();
      await enqueue(order.id);
      tell({ is: 'enqueued', id: order.id, atMs });
    }
  }
  process.exit(0);
}
