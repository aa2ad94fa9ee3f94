/** The helper's life: orders one at a time, and the desk left tidy whatever happens to the driver. */
import { createClipboard, HelperError, type Clipboard } from './helper-clipboard.ts';
import { createInput, type Input } from './helper-input.ts';
import { createScreen, type Screen } from './helper-screen.ts';
import {
  type Answer,
  type ClipboardContent,
  type FailureCode,
  type FromHelper,
  type Order,
  type OrderName,
  parseOrder,
  toHelper,
} from './messages.ts';

/** A tidying up that takes longer is cut short. */
const STOP_LIMIT_MS = 5_000;

type Handlers = {
  readonly [Name in OrderName]: (order: Order<Name>) => Promise<Answer<Name>>;
};

interface Parts {
  readonly input: Input;
  readonly screen: Screen;
  readonly clipboard: Clipboard;
}

export function runHelper(): void {
  if (!process.connected) {
    process.stderr.write('This file is started by planline. Run: planline doctor\n');
    process.exit(2);
  }
  let parts: Parts | null = null;
  let kept: ClipboardContent | null = null;
  let last: Promise<void> = Promise.resolve();

  const ready = (): Parts => {
    if (parts === null) throw new HelperError('The helper was not started yet.');
    return parts;
  };
  const handlers: Handlers = {
    scene: () => ready().input.scene(),
    frontWindow: () => ready().input.frontWindow(),
    press: ({ chord, guard }) => ready().input.press(chord, guard),
    click: ({ at, guard }) => ready().input.click(at, guard),
    release: async () => {
      await ready().input.release();
      return {};
    },
    glance: ({ region }) => ready().screen.glance(region),
    screenshot: async ({ region, file }) => {
      await ready().screen.screenshot(region, file);
      return {};
    },
    readClipboard: () => ready().clipboard.read(),
    writeClipboard: async ({ content }) => {
      await ready().clipboard.write(content);
      return {};
    },
    keep: async ({ content }) => {
      kept = content;
      return {};
    },
  };

  function handle<Name extends OrderName>(name: Name, order: unknown): Promise<Answer<Name>> {
    return handlers[name](parseOrder(name, order));
  }

  async function perform(id: number, name: OrderName, order: unknown): Promise<void> {
    try {
      send({ type: 'answer', id, answer: await handle(name, order) });
    } catch (error) {
      send({ type: 'failed', id, code: codeOf(error), message: describe(name, error) });
    }
  }

  async function stop(): Promise<void> {
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    try {
      await last;
      await parts?.input.release();
      if (kept !== null) await parts?.clipboard.write(kept);
      process.exit(0);
    } catch (error) {
      process.stderr.write(`${describe('stop', error)}\n`);
      process.exit(1);
    }
  }

  process.on('message', (message) => {
    const told = toHelper.parse(message);
    if (told.type === 'stop') void stop();
    else if (told.type === 'start') {
      parts = {
        input: createInput(told),
        screen: createScreen(),
        clipboard: createClipboard(told.clipboardMs),
      };
      send({ type: 'ready' });
    } else last = last.then(() => perform(told.id, told.name, told.order));
  });
  process.on('SIGTERM', () => void stop());
  // The driver was killed: what it would have put right in its `finally` is put right here.
  process.on('disconnect', () => void stop());
}

function codeOf(error: unknown): FailureCode {
  return error instanceof HelperError ? error.code : 'failed';
}

/** Without the words of errors that may quote the screen or the clipboard. */
function describe(what: string, error: unknown): string {
  if (error instanceof HelperError) return error.message;
  const kind = error instanceof Error ? error.name : typeof error;
  return `The helper process could not do "${what}" (${kind}).`;
}

function send(message: FromHelper): void {
  // Once the driver is gone nobody listens, and sending would throw.
  if (process.connected) process.send?.(message);
}
