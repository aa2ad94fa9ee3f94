/** Writes an answer to its client, in either API's form, whole or broken. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestRecord } from './chat-server-log.ts';
import { isBreak, isEnding, type BreakName, type FaultDetails } from './chat-server-faults.ts';
import { generate, type Generation } from './chat-server-generation.ts';
import type { ServerState } from './chat-server-state.ts';
import {
  closingChunks,
  closingEvents,
  completionObject,
  deltaChunk,
  deltaEvent,
  openingChunk,
  openingEvents,
  responseObject,
} from './chat-server-wire.ts';

export type Api = 'responses' | 'chat';
type Json = Readonly<Record<string, unknown>>;

export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
}

/** A prompt that was let in. */
export interface Accepted {
  readonly api: Api;
  readonly order: number;
  readonly prompt: string;
  readonly before: RequestRecord['before'];
  readonly model: string;
  readonly stream: boolean;
  readonly background: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly fault: FaultDetails | null;
}

/** How one API writes an answer. */
interface Dialect {
  readonly prefix: string;
  readonly opening: (generation: Generation) => readonly Json[];
  readonly delta: (generation: Generation, text: string) => Json;
  readonly closing: (generation: Generation) => readonly Json[];
  readonly whole: (generation: Generation) => Json;
  /** Name of an event's line `event:`; null when events have none. */
  readonly eventName: (event: Json) => string | null;
  readonly last: string;
}

const DIALECTS: Readonly<Record<Api, Dialect>> = {
  responses: {
    prefix: 'resp_',
    opening: openingEvents,
    delta: deltaEvent,
    closing: closingEvents,
    whole: responseObject,
    eventName: (event) => String(event['type']),
    last: '',
  },
  chat: {
    prefix: 'chatcmpl-',
    opening: (generation) => [openingChunk(generation)],
    delta: deltaChunk,
    closing: closingChunks,
    whole: completionObject,
    eventName: () => null,
    last: 'data: [DONE]\n\n',
  },
};

export function sendJson({ response }: Call, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

export function hangUp({ response }: Call): void {
  response.socket?.resetAndDestroy();
}

/** In two writes, so that clients see events and characters cut in the middle. */
function sendEvent({ response }: Call, event: Json, name: string | null): void {
  const head = name === null ? '' : `event: ${name}\n`;
  const bytes = Buffer.from(`${head}data: ${JSON.stringify(event)}\n\n`);
  const half = Math.floor(bytes.length / 2);
  response.write(bytes.subarray(0, half));
  response.write(bytes.subarray(half));
}

/** Resolves with true when all of it went out, false when the client had gone. */
async function finish(response: ServerResponse, last: string): Promise<boolean> {
  return await new Promise((resolve) => {
    response.once('close', () => resolve(response.writableFinished));
    response.end(last);
  });
}

/** True when the stream is to end right after its opening events. */
async function breakEarly(call: Call, broken: BreakName | null): Promise<boolean> {
  if (broken === 'reset_after_created') {
    // Long enough for the events to be read before the reset throws them away.
    await wait(50);
    hangUp(call);
    return true;
  }
  if (broken !== 'malformed') return false;
  call.response.end('data: {"type": "response.output_te\n\n');
  return true;
}

/** True when the whole stream went out. */
async function stream(
  call: Call,
  dialect: Dialect,
  generation: Generation,
  broken: BreakName | null,
): Promise<boolean> {
  const { response } = call;
  const send = (event: Json): void => sendEvent(call, event, dialect.eventName(event));
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const event of dialect.opening(generation)) send(event);
  if (await breakEarly(call, broken)) return false;
  for (let index = 0; ; index += 1) {
    const piece = await generation.piece(index);
    if (response.destroyed) return false;
    if (piece === null) break;
    send(dialect.delta(generation, piece));
    if (broken === 'cut') response.end();
    // After `stall` the connection stays open and silent.
    if (broken === 'cut' || broken === 'stall') return false;
  }
  for (const event of dialect.closing(generation)) send(event);
  return await finish(response, dialect.last);
}

function begin(state: ServerState, accepted: Accepted): Generation {
  const { api, order, prompt, before, model, metadata, fault } = accepted;
  const unique = createHash('sha256').update(`${order}\n${prompt}`).digest('hex').slice(0, 32);
  const id = `${DIALECTS[api].prefix}${unique}`;
  const name = fault?.name;
  const generation = generate({
    id,
    model,
    background: api === 'responses' && accepted.background,
    metadata,
    createdSeconds: Math.floor(Date.now() / 1_000),
    text: () => state.settings.answers(prompt, before),
    ending: name !== undefined && isEnding(name) ? name : null,
    frozen: name === 'freeze',
    delayMs: name === 'slow' ? (fault?.delayMs ?? 1_000) : state.delays.delayMs,
    chunkDelayMs: state.delays.chunkDelayMs,
    gate: state.gate,
  });
  state.witness.identify(order, id);
  if (api === 'responses') state.responses.set(id, { generation, order });
  state.track(
    generation.done.then(() => {
      if (generation.status() === 'cancelled') state.witness.note(order, 'cancelled');
      // A response can be fetched from now on; a completion exists only where it is written to.
      else if (api === 'responses') noteAnswer(state, accepted);
    }),
  );
  return generation;
}

/** Only an answer that is whole counts as one. */
function noteAnswer(state: ServerState, { order, fault }: Accepted): void {
  if (fault === null || !isEnding(fault.name)) state.witness.note(order, 'answered');
}

export async function answer(state: ServerState, call: Call, accepted: Accepted): Promise<void> {
  const dialect = DIALECTS[accepted.api];
  const generation = begin(state, accepted);
  // The client of a foreground answer is the only one who wants it.
  call.response.once('close', () => {
    if (!generation.plan.background) generation.cancel();
  });
  if (accepted.stream) {
    const name = accepted.fault?.name;
    const broken = name !== undefined && isBreak(name) ? name : null;
    const whole = await stream(call, dialect, generation, broken);
    if (accepted.api === 'chat' && whole) noteAnswer(state, accepted);
    return;
  }
  if (!generation.plan.background) await generation.done;
  if (call.response.destroyed) return;
  sendJson(call, 200, dialect.whole(generation));
  if (accepted.api === 'chat') noteAnswer(state, accepted);
}
