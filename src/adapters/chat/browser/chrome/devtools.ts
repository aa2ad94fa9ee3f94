/**
 * One DevTools connection to the operator's Chrome. Playwright would attach itself to every tab there is,
 * and wait for each: one that hangs, or shows a dialog, would keep it from all others. Here it is shown a
 * single tab, and never learns of the rest.
 */
import type { ConnectOverCDPTransport } from 'playwright-core';
import { WebSocket } from 'ws';
import { z } from 'zod';

const message = z.looseObject({
  id: z.int().optional(),
  method: z.string().optional(),
  sessionId: z.string().optional(),
  result: z.unknown().optional(),
  // Playwright goes by its code: an answer for a tab that was closed meanwhile is nobody's, and no fault.
  error: z.looseObject({ message: z.string() }).optional(),
});
type Message = z.infer<typeof message>;

/** Ids of our own commands; Playwright counts its own from 1. */
const FIRST_ID = 1_000_000_000;
/** Pages with long conversations come in one message. */
const MAX_BYTES = 256 * 1024 * 1024;

const targets = z.object({
  targetInfos: z.array(z.object({ targetId: z.string(), type: z.string() })),
});

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class DevTools {
  readonly #socket: WebSocket;
  readonly #limitMs: number;
  readonly #pending = new Map<number, Pending>();
  #transport: ConnectOverCDPTransport | null = null;
  #nextId = FIRST_ID;
  /** What was received last and not understood. */
  #fault: unknown;

  private constructor(socket: WebSocket, limitMs: number) {
    this.#socket = socket;
    this.#limitMs = limitMs;
    socket.on('message', (data: Buffer) => this.#receiveOrEnd(String(data)));
    socket.on('close', () => this.#end());
    // What a broken connection means is told by its end, which follows.
    socket.on('error', () => socket.terminate());
  }

  /** Rejects when nobody answers there within the limit; it holds for each command as well. */
  static async open(endpoint: string, limitMs: number): Promise<DevTools> {
    const socket = new WebSocket(endpoint, {
      handshakeTimeout: limitMs,
      maxPayload: MAX_BYTES,
      perMessageDeflate: false,
      // Playwright counts on what a message sets off being done before the next one comes.
      allowSynchronousEvents: false,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new DevTools(socket, limitMs);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /**
   * To the browser itself, not to a tab. A Chrome that hangs takes connections and answers nothing: the
   * connection is then ended, and whoever waits on it told.
   */
  async command<T>(method: string, params: object, schema: z.ZodType<T>): Promise<T> {
    if (!this.isOpen) throw this.#gone();
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#pending.set(id, answer);
    const timer = setTimeout(() => this.#giveUp(method), this.#limitMs);
    this.#send({ id, method, params });
    try {
      return schema.parse(await answer.promise);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ids of the open tabs. */
  async tabs(): Promise<string[]> {
    const { targetInfos } = await this.command('Target.getTargets', {}, targets);
    return targetInfos.filter(({ type }) => type === 'page').map(({ targetId }) => targetId);
  }

  /** In a window of its own: Chrome does not draw a tab that is behind another, and pages count on it. */
  async openTab(): Promise<string> {
    const opened = z.object({ targetId: z.string() });
    const params = { url: 'about:blank', newWindow: true };
    return (await this.command('Target.createTarget', params, opened)).targetId;
  }

  async closeTab(targetId: string): Promise<void> {
    await this.command('Target.closeTarget', { targetId }, z.unknown());
  }

  /** What Playwright talks to: Chrome, as far as it is this tab. Closing it closes the connection. */
  transportTo(targetId: string): ConnectOverCDPTransport {
    const transport: ConnectOverCDPTransport = {
      send: (wanted) => this.#send(narrowed(message.parse(wanted), targetId)),
      close: () => this.close(),
    };
    this.#transport = transport;
    return transport;
  }

  close(): void {
    this.#socket.close();
  }

  #gone(): Error {
    return new Error('Chrome is gone', { cause: this.#fault });
  }

  #giveUp(method: string): void {
    this.#fault = new Error(`${method} was not answered within ${this.#limitMs} ms`);
    this.#socket.terminate();
  }

  #send(wanted: object): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(wanted));
  }

  /** What cannot be understood ends the connection, as Playwright's own would: a new one starts from what is there. */
  #receiveOrEnd(text: string): void {
    try {
      this.#receive(text);
    } catch (error) {
      this.#fault = error;
      this.#socket.terminate();
    }
  }

  #receive(text: string): void {
    const received = message.parse(JSON.parse(text));
    const pending = received.id === undefined ? undefined : this.#pending.get(received.id);
    if (received.id === undefined || pending === undefined) {
      this.#transport?.onmessage?.(received);
      return;
    }
    this.#pending.delete(received.id);
    if (received.error === undefined) pending.resolve(received.result);
    else pending.reject(new Error(`Chrome refused: ${received.error.message}`));
  }

  #end(): void {
    const gone = this.#gone();
    for (const pending of this.#pending.values()) pending.reject(gone);
    this.#pending.clear();
    this.#transport?.onclose?.();
  }
}

/** Attaching to all tabs, now and later, becomes attaching to ours. */
function narrowed(wanted: Message, targetId: string): object {
  if (wanted.method !== 'Target.setAutoAttach' || wanted.sessionId !== undefined) return wanted;
  return {
    id: wanted.id,
    method: 'Target.attachToTarget',
    params: { targetId, flatten: true },
  };
}
