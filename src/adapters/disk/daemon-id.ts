/** The name under which this PLANLINE_HOME holds leases: kept, so that a restart knows its own. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onDisk } from './disk-error.ts';
import { readIfThere, writeFileWhole } from './durable.ts';

export function daemonId(home: string): Promise<string> {
  const path = join(home, 'daemon-id');
  return onDisk('Keeping', path, async () => {
    const known = (await readIfThere(path))?.toString('utf8').trim();
    if (known !== undefined && known !== '') return known;
    const id = `daemon-${randomBytes(4).toString('hex')}`;
    await writeFileWhole(path, `${id}\n`);
    return id;
  });
}
