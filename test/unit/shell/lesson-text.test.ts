import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PATHS } from '../../../src/shell/perform/paths.ts';
import { sweep } from '../../../src/shell/sweep.ts';
import { openTestWorkshop, TELLING } from '../../support/workshop.ts';

async function setUp() {
  const workshop = await openTestWorkshop();
  const { shell, outbox, signals, clock, database } = workshop;
  const id = await database.directory.add({ description: 'I cook and want to learn to code.' });
  const run = () =>
    clock.through(sweep({ shell, outbox, notifiers: [], telling: TELLING }, signals));
  return { workshop, id, run };
}

it('is asked for as HTML without what stands around it, and kept as it came', async () => {
  const { workshop, id, run } = await setUp();
  let [lesson, answered] = ['', ''];
  workshop.answers(async (rehearse, request, journal, signal) => {
    const reply = await rehearse(request, journal, signal);
    if (request.step !== 'stage2') return reply;
    lesson = reply.text.trim();
    answered = `Sure! Here is the lesson:\n\n\`\`\`markdown\n${lesson}【12†source】\n\`\`\`\n\nShall I go on?`;
    return { ...reply, text: answered };
  });
  expect(await run()).toMatchObject({ archived: [id] });

  const prompt = workshop.requests.find(({ step }) => step === 'stage3')?.text ?? '';
  expect(prompt).toContain(`<lesson_manuscript>\n${lesson}\n</lesson_manuscript>`);
  const files = workshop.shell.artifacts.lead(id);
  const [runId = ''] = await files.runIds();
  expect(await readFile(join(files.directory, runId, PATHS.part(1)), 'utf8')).toBe(answered);
});

it('is told of where its page has too few of its words', async () => {
  const { workshop, id, run } = await setUp();
  workshop.answers(async (rehearse, request, journal, signal) => {
    const reply = await rehearse(request, journal, signal);
    if (request.step !== 'stage3') return reply;
    return { ...reply, text: reply.text.replace(/<ol>[\s\S]*?<\/ol>/, '') };
  });
  expect(await run()).toMatchObject({ archived: [id] });
  const warnings = workshop.database
    .events(id)
    .flatMap((event) =>
      event.type === 'step.completed' && event.data['step'] === 'html_to_json'
        ? event.data['warnings']
        : [],
    );
  expect(warnings).toMatchObject([{ code: 'words_lost', page: 1 }]);
});

it('has what was taken out of its headings in the report of cleaning', async () => {
  const { workshop, id, run } = await setUp();
  workshop.answers(async (rehearse, request, journal, signal) => {
    const reply = await rehearse(request, journal, signal);
    if (request.step !== 'stage3') return reply;
    return { ...reply, text: reply.text.replace(/<h2>([^<]+)<\/h2>/, '<h2>**$1**</h2>') };
  });
  expect(await run()).toMatchObject({ archived: [id] });

  const files = workshop.shell.artifacts.lead(id);
  const [runId = ''] = await files.runIds();
  const report = await readFile(join(files.directory, runId, PATHS.cleanReport(1)), 'utf8');
  expect(report).toMatch(/"path": "sections\[\d+\]\.heading",\s+"kind": "marker_removed"/);
});
