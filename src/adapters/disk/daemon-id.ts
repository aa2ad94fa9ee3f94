/**
 * The name under which this PLANLINE_HOME holds leases: kept, so that a restart knows its own. The
 * machine is part of it, as a copied home must not pass for the same daemon; hashed, since machines
 * are often named after their owners and this name stands in events.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '../../core/hash-chain.ts';
import { onDisk } from './disk-error.ts';
import { readIfThere, writeFileWhole } from './durable.ts';

export function daemonId(home: string): Promise<string> {
  const path = join(home, 'daemon-id');
  return onDisk('Keeping', path, async () => {
    const known = (await readIfThere(path))?.toString('utf8').trim();
    const machine = sha256Hex(hostname()).slice(0, 8);
    if (known !== undefined && known !== '') return `${known}-${machine}`;
    const id = `daemon-${randomBytes(4).toString('hex')}`;
    await writeFileWhole(path, `${id}\n`);
    return `${id}-${machine}`;
  });
}
