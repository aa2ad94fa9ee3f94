/** The IPC channel to the embedded Supabase's process. */
import type { ChildProcess } from 'node:child_process';
import type { Log } from '../../ports.ts';
import { type FailureCode, type FromChild, fromChild, type ToChild } from './messages.ts';
import type { Running } from './running-file.ts';
import { createTail, type Tail } from './tail.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly reason: string;
}

export interface ChildLink {
  /** Resolves when the child serves; never when it ends before. */
  readonly ready: Promise<Running>;
  readonly exited: Promise<ChildExit>;
  /** Why the child said that it gives up, if it did. */
  failure(): { readonly code: FailureCode; readonly message: string } | null;
  /** Does nothing when the child is gone. */
  send(message: ToChild): void;
  sql(text: string, params: readonly unknown[]): Promise<Rows>;
}

/** PostgreSQL's answer to a statement that failed. */
class SqlError extends Error {
  override readonly name = 'SqlError';
  /** SQLSTATE, or empty. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (rows: Rows) => void;
  readonly reject: (error: Error) => void;
}

export function createChildLink(child: ChildProcess, log: Log): ChildLink {
  const ready = Promise.withResolvers<Running>();
  const waiting = new Map<number, Waiting>();
  let failure: ReturnType<ChildLink['failure']> = null;
  let lastId = 0;

  function settle(id: number, act: (one: Waiting) => void): void {
    const one = waiting.get(id);
    waiting.delete(id);
    if (one !== undefined) act(one);
  }

  function receive(message: FromChild): void {
    switch (message.type) {
      case 'log':
        return log[message.level](message.fields, message.message);
      case 'ready':
        return ready.resolve(message.running);
      case 'failed':
        failure = message;
        return;
      case 'rows':
        return settle(message.id, ({ resolve }) => resolve(message.rows));
      case 'sql_failed':
        return settle(message.id, ({ reject }) =>
          reject(new SqlError(message.code, message.message)),
        );
    }
  }

  const send = (message: ToChild): void => {
    // The exit is what tells that the child is gone: an error here would only say it twice.
    if (child.connected) child.send(message, () => undefined);
  };

  const exited = watchExit(child);
  void exited.then(({ reason }) => {
    for (const { reject } of waiting.values()) reject(new SqlError('', reason));
    waiting.clear();
  });
  child.on('message', (message) => receive(fromChild.parse(message)));

  return {
    ready: ready.promise,
    exited,
    failure: () => failure,
    send,
    sql: (text, params) =>
      new Promise((resolve, reject) => {
        if (!child.connected) throw new SqlError('', 'The embedded Supabase has ended.');
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        send({ type: 'sql', id: lastId, text, params: [...params] });
      }),
  };
}

function watchExit(child: ChildProcess): Promise<ChildExit> {
  const stderr = child.stderr === null ? null : createTail(child.stderr);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ code: null, signal: null, reason: `It could not be started: ${error.message}` });
    });
    child.once('close', (code, signal) => {
      resolve({ code, signal, reason: describeExit(code, signal, stderr) });
    });
  });
}

function describeExit(code: number | null, signal: string | null, stderr: Tail | null): string {
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  const said = stderr?.text() ?? '';
  return `The embedded Supabase ended ${how}.${said === '' ? '' : ` It wrote last:\n${said}`}`;
}
