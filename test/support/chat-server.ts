/**
 * A real HTTP server that speaks the OpenAI API: Responses and Chat Completions, streaming and not,
 * background responses that can be fetched by id, models, keys. It fails on demand and keeps a log
 * of what it received and answered, which crash tests use as their witness.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rehearsalAnswer } from '../../src/adapters/chat/rehearsal/answer.ts';
import { stepOfPrompt } from '../../src/adapters/chat/rehearsal/recognise.ts';
import type { Fault } from './chat-server-faults.ts';
import type { RequestRecord } from './chat-server-log.ts';
import { route } from './chat-server-routes.ts';
import { createState, type Answers, type ServerState } from './chat-server-state.ts';

export type { Fault } from './chat-server-faults.ts';
export type { RequestRecord } from './chat-server-log.ts';
/** Which of the four kinds of prompt this is, or null. */
export { stepOfPrompt as kindOf } from '../../src/adapters/chat/rehearsal/recognise.ts';

export interface ChatServerOptions {
  /** What is answered to a prompt; by default what the rehearsal driver would. */
  readonly answers?: Answers;
  /** What a prompt meets that no ordered fault waits for; null for nothing. */
  readonly faultOf?: (prompt: string) => Fault | null;
  /** A free one by default. */
  readonly port?: number;
  /** Before the first word. */
  readonly delayMs?: number;
  /** Before each piece of about 300 characters. */
  readonly chunkDelayMs?: number;
  /** The only key that is accepted; `test-key` by default. */
  readonly apiKey?: string;
  /** The models that exist; every name is one by default. */
  readonly models?: readonly string[];
  /** False for a server that lists its models but has no address for a single one. */
  readonly modelById?: boolean;
  /** Parameters that are refused by name, such as `background`. */
  readonly unknownParameters?: readonly string[];
  /** Appends each event as a JSON line, fsynced. */
  readonly logFile?: string;
}

export interface ChatServer {
  /** Ends with /v1. */
  readonly url: string;
  requests(): RequestRecord[];
  /** Each of the next prompts meets one of these, in order. */
  fail(next: readonly Fault[]): void;
  /** So many of the next fetches of a response by its id fail with 500. */
  failFetches(count: number): void;
  setDelays(delays: { delayMs?: number; chunkDelayMs?: number }): void;
  /** Answers that begin from now on wait until the returned function is called. */
  hold(): () => void;
  /** Responses made so far can no longer be fetched. */
  forget(): void;
  /** Resolves when nothing is being made. Rejects when `answers` threw. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** The default answers. A prompt that is none of the pipeline's is answered like a lesson. */
export function rehearse(prompt: string): string {
  return rehearsalAnswer(stepOfPrompt(prompt) ?? 'stage2', prompt);
}

function createHttpServer(state: ServerState) {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://server').pathname;
    // A client may be killed at any moment: that is its own affair.
    response.on('error', () => response.destroy());
    const handled = route(state, { request, response, path }).catch((error: unknown) => {
      if (response.destroyed || request.destroyed) return;
      response.destroy();
      throw error;
    });
    state.track(handled);
  });
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // Listening on a host and port gives an AddressInfo; only a pipe's address is a string.
  return (server.address() as AddressInfo).port;
}

export async function startChatServer(options: ChatServerOptions = {}): Promise<ChatServer> {
  const state = createState(
    {
      answers: options.answers ?? rehearse,
      faultOf: options.faultOf ?? (() => null),
      apiKey: options.apiKey ?? 'test-key',
      models: options.models ?? null,
      modelById: options.modelById ?? true,
      unknownParameters: options.unknownParameters ?? [],
      logFile: options.logFile,
    },
    { delayMs: options.delayMs ?? 0, chunkDelayMs: options.chunkDelayMs ?? 0 },
  );
  const server = createHttpServer(state);
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: () => state.witness.records(),
    fail: (next) => state.addFaults(next),
    failFetches: (count) => void (state.failingFetches = count),
    setDelays: (next) => void Object.assign(state.delays, next),
    hold() {
      const opened = Promise.withResolvers<void>();
      state.gate = opened.promise;
      return () => opened.resolve();
    },
    forget: () => state.responses.clear(),
    idle: () => state.idle(),
    async stop() {
      for (const { generation } of state.responses.values()) generation.cancel();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      try {
        await state.idle();
      } finally {
        state.witness.close();
      }
    },
  };
}
