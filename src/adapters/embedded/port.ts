/** The port is kept from start to start, so that what clients were told stays true. */
import { z } from 'zod';
import { PlanlineError } from '../../core/errors.ts';
import type { Log } from '../../ports.ts';
import { hasCode } from '../disk/process-identity.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

const portNumber = z.coerce.number().int().min(1).max(65_535);

export interface PortChoice {
  /** Asked for by the user, or null. */
  readonly wanted: number | null;
  readonly rememberedIn: string;
  readonly log: Log;
}

/** Listens on the wanted port, else on the last one, else on any that is free. */
export async function listenOnPort<T extends { port: number }>(
  choice: PortChoice,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  const server =
    choice.wanted === null
      ? await listenOnLastPort(choice, listen)
      : await listenOnWantedPort(choice.wanted, listen);
  await writePrivateFile(choice.rememberedIn, `${server.port}\n`);
  return server;
}

async function listenOnWantedPort<T>(
  port: number,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await listen(port);
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new PlanlineError(
      'usage',
      `Port ${port} is taken by another program. Choose another port for the embedded Supabase, ` +
        'or none: a free one is found then.',
      { cause: error },
    );
  }
}

async function listenOnLastPort<T>(
  { rememberedIn, log }: PortChoice,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  const last = portNumber.safeParse((await readPrivateFile(rememberedIn))?.trim());
  if (!last.success) return listen(0);
  try {
    return await listen(last.data);
  } catch (error) {
    if (!isTaken(error)) throw error;
    log.warn({ port: last.data }, 'the port of the last start is taken: a free one is used');
    return listen(0);
  }
}

function isTaken(error: unknown): boolean {
  return hasCode(error, 'EADDRINUSE') || hasCode(error, 'EACCES');
}
