import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentsOfZip } from '../../src/adapters/disk/zip.ts';
import { sha256Hex } from '../../src/core/hash-chain.ts';
import { PATHS } from '../../src/shell/perform/paths.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { startHome } from '../support/home.ts';
import { run, start } from '../support/planline.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('the zip of a run', () => {
  it('holds what was recorded, also what the folder has lost or holds otherwise', async () => {
    const coldRoot = join(await tempFolder(), 'cold');
    const home = await startHome({ BLOCK_COUNT: '1', COLD_STORAGE_DIR: join(coldRoot, 'runs') });
    const lead = await home.addLead(ENGLISH);

    // Cold storage on a disk that is not there: the run waits before its zip is made.
    const daemon = start(home.place, 'daemon');
    await daemon.until(/waits: .*cold/);
    await daemon.kill('SIGTERM');
    const leadFolder = join(home.place.cwd, 'runs', lead);
    const runId = (await readdir(leadFolder)).find((name) => /^\d{8}_\d{6}$/.test(name)) ?? '';
    const [lost, edited] = [PATHS.part(1), PATHS.blockPrompt(1)];
    const files = await readdir(join(leadFolder, runId), { recursive: true });
    expect(files).toEqual(expect.arrayContaining([lost, edited]));
    const recorded = await Promise.all(
      [lost, edited].map((path) => readFile(join(leadFolder, runId, path), 'utf8')),
    );
    await rm(join(leadFolder, runId, lost));
    await writeFile(join(leadFolder, runId, edited), 'edited by somebody');

    await mkdir(coldRoot);
    expect(await run(home.place, 'flag', lead)).toMatchObject({ code: 0 });
    const sweep = await run(home.place, 'sweep');
    expect(sweep.stdout).toMatch(/1 archived, 0 blocked, 0 waiting/);
    const [zip = ''] = await readdir(join(coldRoot, 'runs', lead));
    const contents = await contentsOfZip(join(coldRoot, 'runs', lead, zip));
    for (const [index, path] of [lost, edited].entries()) {
      expect(contents.get(`${runId}/${path}`)).toBe(sha256Hex(recorded[index] ?? ''));
    }
    expect(await readdir(leadFolder)).not.toContain(runId);
  });
});
