/** Where a running Chrome listens for DevTools. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode } from '../../../disk/process-identity.ts';

export interface ChromeAddress {
  /** As the operator set it, http or ws; null for the Chrome of the profile. */
  readonly cdpUrl: string | null;
  readonly profileDir: string;
  readonly connectMs: number;
}

/**
 * The address that a Chrome of this profile wrote down when it started; null when there is none. It
 * holds a random id, so that a stale one never leads to another program that got the same port.
 */
export async function endpointOfProfile(profileDir: string): Promise<string | null> {
  let text: string;
  try {
    text = await readFile(join(profileDir, 'DevToolsActivePort'), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const [port = '', path = ''] = text.split('\n').map((line) => line.trim());
  if (!/^\d+$/.test(port) || !path.startsWith('/devtools/')) return null;
  return `ws://127.0.0.1:${port}${path}`;
}

const version = z.object({ webSocketDebuggerUrl: z.string() });

/** The WebSocket of the browser itself; null when nothing says where it is. Rejects like fetch. */
export async function endpointOf(address: ChromeAddress): Promise<string | null> {
  const { cdpUrl, profileDir, connectMs } = address;
  if (cdpUrl === null) return await endpointOfProfile(profileDir);
  if (/^wss?:/.test(cdpUrl)) return cdpUrl;
  const signal = AbortSignal.timeout(connectMs);
  const response = await fetch(new URL('/json/version', cdpUrl), { signal });
  return version.parse(await response.json()).webSocketDebuggerUrl;
}
