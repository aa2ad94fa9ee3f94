import { describe, expect, it } from 'vitest';
import { createDiskStore } from '../../../../src/adapters/disk/disk-store.ts';
import { sha256Hex } from '../../../../src/core/hash-chain.ts';
import { kindOf } from '../../../../src/dashboard/lead/artifact-kind.ts';
import {
  findRecorded,
  readArtifact,
  runsOf,
  type RecordedArtifact,
} from '../../../../src/dashboard/lead/artifacts.ts';
import { FRAME_POLICY, frameable } from '../../../../src/dashboard/lead/framed.ts';
import { replay } from '../../../../src/dashboard/lead/replay.ts';
import { readHistory } from '../../../support/histories.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const TEXT = 'what the model said';
const RUN = '20261123_100000';

const artifact: RecordedArtifact = {
  leadId: 'lead-1',
  runId: RUN,
  ref: { path: 'plan/plan.txt', sha256: sha256Hex(TEXT), bytes: TEXT.length },
};

async function place(stored: string | null) {
  const artifacts = createDiskStore({
    runsDir: await tempFolder(),
    coldStorageDir: null,
    clock: manualClock('2026-11-23T10:00:00.000Z'),
    log: recordingLog(),
  });
  const sources = { artifacts, store: { artifact: () => Promise.resolve(stored) } };
  return { sources, run: artifacts.lead('lead-1').run(RUN) };
}

describe('the content of a file', () => {
  it('comes from the disk where that has it', async () => {
    const { sources, run } = await place('something else');
    await run.write('plan/plan.txt', TEXT);
    expect(await readArtifact(sources, artifact)).toEqual({
      text: TEXT,
      source: 'disk',
      warning: null,
    });
  });

  it('comes from the database where the disk lacks it', async () => {
    const { sources } = await place(TEXT);
    expect(await readArtifact(sources, artifact)).toEqual({
      text: TEXT,
      source: 'database',
      warning: null,
    });
  });

  it('comes from the database where the disk has been tampered with, and that is told', async () => {
    const { sources, run } = await place(TEXT);
    await run.write('plan/plan.txt', 'somebody else');
    const found = await readArtifact(sources, artifact);
    expect(found).toMatchObject({ text: TEXT, source: 'database' });
    expect(found?.warning).toMatch(/not what event and sha256 record/);
  });

  it('comes from the zip where both lack it', async () => {
    const { sources, run } = await place(null);
    await run.write('plan/plan.txt', TEXT);
    await run.archive();
    await run.write('plan/plan.txt', 'changed since');
    expect(await readArtifact(sources, artifact)).toMatchObject({ text: TEXT, source: 'zip' });
  });

  it('is shown with a warning where nobody has what was recorded', async () => {
    const { sources, run } = await place(null);
    await run.write('plan/plan.txt', 'somebody else');
    const found = await readArtifact(sources, artifact);
    expect(found).toMatchObject({ text: 'somebody else', source: 'disk' });
    expect(found?.warning).toMatch(/does not fit the sha256/);
  });

  it('is nowhere once it was erased', async () => {
    const { sources } = await place(null);
    expect(await readArtifact(sources, artifact)).toBeNull();
  });
});

describe('a path of a request', () => {
  const runs = runsOf(replay(readHistory('v1/refused-then-mended.jsonl'), null).moments);
  const runId = runs[0]?.runId ?? '';

  it('is found when the stream records it', () => {
    const ref = findRecorded(runs, { runId, path: 'plan/plan.txt', sha256: null });
    expect(ref).toMatchObject({ path: 'plan/plan.txt' });
  });

  it.each(['../events.jsonl', '/etc/passwd', 'plan/../../x', 'plan', '', 'plan/plan.txt\0'])(
    'is refused when it does not: %j',
    (path) => {
      expect(findRecorded(runs, { runId, path, sha256: null })).toBeNull();
      expect(
        findRecorded(runs, { runId: '../..', path: 'plan/plan.txt', sha256: null }),
      ).toBeNull();
    },
  );
});

describe('a document of the model', () => {
  it('goes into a frame that allows neither scripts, nor forms, nor loading', () => {
    expect(FRAME_POLICY).toMatch(/^sandbox; default-src 'none';/);
    expect(FRAME_POLICY).not.toMatch(/allow-|script-src|connect-src|img-src/);
  });

  it('is shown as what it is', () => {
    const page = {
      schema: 1,
      page_index: 1,
      title: 'T',
      language: null,
      sections: [{ heading: null, level: null, blocks: [] }],
    };
    const shown = frameable(kindOf('transformed/parthtml1.json'), JSON.stringify(page));
    expect(shown).toMatchObject({ ok: true });
    expect(frameable('page', 'not JSON')).toEqual({
      ok: false,
      error: { reason: 'it is not page JSON' },
    });
    expect(frameable(kindOf('stage_3_generated_html/parthtml2.txt'), 'no page')?.ok).toBe(false);
    expect(frameable(kindOf('plan/plan.txt'), '<html></html>')).toBeNull();
    expect(kindOf('transformed/parthtml1.clean.json')).toBe('json');
  });
});
