/** One tab of the operator's Chrome, ours: questions to its page, and what becomes of them. */
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { ChatError, messageOf } from '../../../core/errors.ts';
import type { Clock, Log } from '../../../ports.ts';
import type { TabConnection } from './chrome/connect.ts';
import { pageFacts, type PageFacts } from './facts.ts';
import { type ArgumentOf, expressionOf, type PageCall } from './in-page/program.ts';
import type { Timings } from './settings.ts';

/**
 * Why the tab can no longer be asked: it crashed, was closed, does not answer, or its Chrome is gone.
 * `moved` means that the page was exchanged for another while it was asked, and that the tab is well.
 */
export type Loss = 'crashed' | 'closed' | 'stuck' | 'disconnected' | 'moved';

export class TabLost extends Error {
  override readonly name = 'TabLost';
  readonly loss: Loss;

  constructor(loss: Loss, options: { cause?: unknown } = {}) {
    super(`the tab is lost: ${loss}`, options);
    this.loss = loss;
  }
}

export interface TabDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly timings: Timings;
}

const MOVED = /context was destroyed|navigat|Cannot find context|frame was detached/i;

const account = z.object({
  status: z.int(),
  user: z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish(),
});
export type Account = z.infer<typeof account>;

const ACCOUNT = `fetch('/api/auth/session', { credentials: 'include' }).then(
  async (response) => ({ status: response.status, user: (await response.json().catch(() => ({}))).user }),
  () => ({ status: 0, user: null }),
)`;

export class Tab {
  readonly page: Page;
  readonly #connection: TabConnection;
  readonly #deps: TabDeps;
  #crashed = false;

  constructor(connection: TabConnection, deps: TabDeps) {
    this.page = connection.page;
    this.#connection = connection;
    this.#deps = deps;
    this.page.on('crash', () => {
      this.#crashed = true;
    });
    // The page goes on, whatever it asks: what it holds is kept by its server.
    this.page.on('dialog', (dialog) => {
      const settled = dialog.type() === 'beforeunload' ? dialog.accept() : dialog.dismiss();
      settled.catch(() => {
        this.#deps.log.debug({}, 'a dialog of the page was gone already');
      });
    });
  }

  isUsable(): boolean {
    return this.#connection.devtools.isOpen && !this.#crashed && !this.page.isClosed();
  }

  /** What is wrong with the tab, as far as an error tells; null when the error is another's. */
  #lossOf(error: unknown): Loss | null {
    if (error instanceof TabLost) return error.loss;
    if (this.#crashed) return 'crashed';
    if (!this.#connection.devtools.isOpen) return 'disconnected';
    if (this.page.isClosed()) return 'closed';
    const text = messageOf(error);
    if (/crashed/i.test(text)) return 'crashed';
    return MOVED.test(text) ? 'moved' : null;
  }

  async #within<T>(limitMs: number, work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const late = this.#deps.clock.sleep(limitMs, over.signal).then((): never => {
      throw new TabLost('stuck');
    });
    // When the work is done first, the timer's own end is of no interest.
    late.catch(() => undefined);
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      const loss = this.#lossOf(error);
      if (loss !== null) throw new TabLost(loss, { cause: error });
      throw new ChatError('retryable', 'The ChatGPT tab did not do as it was told.', {
        cause: error,
      });
    } finally {
      over.abort();
    }
  }

  async #evaluate<T>(expression: string, schema: z.ZodType<T>): Promise<T> {
    const { callMs } = this.#deps.timings;
    return schema.parse(await this.#within(callMs, this.page.evaluate<unknown>(expression)));
  }

  /** A question that changes nothing: asked again when the page was exchanged meanwhile. */
  async #read<T>(expression: string, schema: z.ZodType<T>): Promise<T> {
    const { clock, timings } = this.#deps;
    const untilMs = clock.now() + timings.openMs;
    for (;;) {
      try {
        return await this.#evaluate(expression, schema);
      } catch (error) {
        const again = error instanceof TabLost && error.loss === 'moved';
        if (!again || clock.now() >= untilMs) throw error;
      }
      await clock.sleep(timings.pollMs);
    }
  }

  look(): Promise<PageFacts> {
    return this.#read(expressionOf('look', undefined), pageFacts);
  }

  /** Who is logged in, as the page's own server says; status 0 when it cannot be reached. */
  account(): Promise<Account> {
    return this.#read(ACCOUNT, account);
  }

  read<C extends PageCall, T>(call: C, argument: ArgumentOf<C>, schema: z.ZodType<T>): Promise<T> {
    return this.#read(expressionOf(call, argument), schema);
  }

  /** Done once: whether it was done is unknown when it throws. */
  act<C extends PageCall, T>(call: C, argument: ArgumentOf<C>, schema: z.ZodType<T>): Promise<T> {
    return this.#evaluate(expressionOf(call, argument), schema);
  }

  /** Real keys, which an editor takes as a person's. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.#within(this.#deps.timings.callMs, this.page.keyboard.press(key));
    }
  }

  async insertText(text: string): Promise<void> {
    await this.#within(this.#deps.timings.callMs, this.page.keyboard.insertText(text));
  }

  /** Throws ChatError `retryable` when the address cannot be loaded. Returns the HTTP status. */
  async open(address: string): Promise<number> {
    const { openMs } = this.#deps.timings;
    try {
      const opened = this.page.goto(address, { waitUntil: 'domcontentloaded', timeout: openMs });
      const response = await this.#within(openMs + 1_000, opened);
      return response?.status() ?? 200;
    } catch (error) {
      if (error instanceof TabLost && error.loss !== 'moved') throw error;
      const { host } = new URL(address);
      throw new ChatError('retryable', `${host} cannot be loaded: check the network.`, {
        cause: error,
      });
    }
  }

  /** In front of the other tabs of its window: Chrome draws no other. */
  async show(): Promise<void> {
    await this.#within(this.#deps.timings.callMs, this.page.bringToFront());
  }

  /** Ends the connection; the tab stays open. */
  async disconnect(): Promise<void> {
    await this.#connection.browser.close();
  }

  /** Closes the tab too: a crashed one would stay open as a sad face. Never throws. */
  async close(): Promise<void> {
    const { devtools, targetId } = this.#connection;
    if (!devtools.isOpen) return;
    await this.#within(this.#deps.timings.callMs, devtools.closeTab(targetId)).catch(() => {
      this.#deps.log.debug({}, 'the tab was gone already');
    });
    await this.disconnect();
  }
}
