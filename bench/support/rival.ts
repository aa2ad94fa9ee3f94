/** A rival's two processes, and the facts that they tell. */
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { z } from 'zod';
import { spawnTied, type TiedProcess } from '../../test/support/tied-process.ts';
import type { Fact, Order, Role } from '../rivals/protocol.ts';
import { undoing } from './undoing.ts';

const FOLDER = join(import.meta.dirname, '..', 'rivals');
/** Nothing that a rival is asked takes so long; it counts as failed then. */
const PATIENCE_MS = 120_000;

const fact: z.ZodType<Fact> = z.discriminatedUnion('is', [
  z.object({ is: z.literal('ready') }),
  z.object({ is: z.literal('enqueued'), id: z.string(), atMs: z.number() }),
  z.object({ is: z.literal('began'), id: z.string(), atMs: z.number() }),
  z.object({ is: z.literal('finished'), id: z.string(), atMs: z.number() }),
]);

export interface RivalSettings {
  /** Of its file: `pg-boss`. */
  readonly program: string;
  readonly databaseUrl: string;
  readonly variant?: string;
  readonly concurrency?: number;
  readonly planFile?: string;
  readonly chatUrl?: string;
}

interface Process {
  readonly tied: TiedProcess;
  order(order: Order): void;
  /** The first such fact, of those that came and those that will. */
  fact<Is extends Fact['is']>(is: Is, id?: string): Promise<Extract<Fact, { is: Is }>>;
}

function startProcess(role: Role, settings: RivalSettings): Process {
  const { program, databaseUrl, variant, concurrency, planFile, chatUrl } = settings;
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  const tied = spawnTied(process.execPath, [join(FOLDER, `${program}.ts`)], {
    stdin: 'pipe',
    cwd: FOLDER,
    env: {
      PATH,
      HOME,
      TMPDIR,
      LANG,
      ROLE: role,
      DATABASE_URL: databaseUrl,
      VARIANT: variant ?? '',
      CONCURRENCY: String(concurrency ?? 1),
      PLAN_FILE: planFile ?? '',
      CHAT_URL: chatUrl ?? '',
    },
  });
  const { stdin, stdout } = tied.child;
  if (stdin === null || stdout === null) throw new Error(`${program} has no pipes`);
  // It may end while it is told something; that it ended is seen below.
  stdin.on('error', () => undefined);
  const told: Fact[] = [];
  const listeners = new Set<() => void>();
  const tellAll = (): void => {
    for (const listener of listeners) listener();
  };
  createInterface({ input: stdout }).on('line', (line) => {
    // Libraries print to stdout as well.
    if (!line.startsWith('{"is":')) return;
    told.push(fact.parse(JSON.parse(line)));
    tellAll();
  });
  // A turn later it counts as ended.
  tied.child.once('close', () => setImmediate(tellAll));

  return {
    tied,
    order: (order) => void stdin.write(`${JSON.stringify(order)}\n`),
    fact<Is extends Fact['is']>(is: Is, id?: string) {
      const wanted = (one: Fact): one is Extract<Fact, { is: Is }> =>
        one.is === is && (id === undefined || !('id' in one) || one.id === id);
      return new Promise<Extract<Fact, { is: Is }>>((resolve, reject) => {
        const end = (settle: () => void): void => {
          clearTimeout(timer);
          listeners.delete(look);
          settle();
        };
        const fail = (why: string): void =>
          end(() => reject(new Error(`${program} (${role}) ${why}:\n${tied.output()}`)));
        const timer = setTimeout(() => fail(`did not tell "${is}" in time`), PATIENCE_MS);
        const look = (): void => {
          const found = told.find(wanted);
          if (found !== undefined) end(() => resolve(found));
          else if (tied.ended()) fail(`ended before "${is}"`);
        };
        listeners.add(look);
        look();
      });
    },
  };
}

export interface Rival {
  readonly worker: Process;
  readonly client: Process;
  stop(): Promise<void>;
}

/** The worker first: it creates what the client writes to. */
export async function startRival(settings: RivalSettings): Promise<Rival> {
  const undo = undoing();
  const startRole = async (role: Role): Promise<Process> => {
    const started = startProcess(role, settings);
    undo.add(() => started.tied.stop());
    await started.fact('ready');
    return started;
  };
  try {
    return {
      worker: await startRole('worker'),
      client: await startRole('client'),
      stop: () => undo.all(),
    };
  } catch (error) {
    await undo.all();
    throw error;
  }
}
