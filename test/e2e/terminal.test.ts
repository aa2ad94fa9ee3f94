import { describe, expect, it } from 'vitest';
import { DESCRIPTION, TOO_LONG } from '../support/notify-channels.ts';
import { startHome } from '../support/home.ts';
import { run, start } from '../support/planline.ts';
import { tempFolder } from '../support/temp-folder.ts';

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

const STRANGER = '00000000-0000-4000-8000-000000000000';

describe('planline flag, status and watch', () => {
  it('flags each of several leads, says what that leads to, and goes on after one it cannot', async () => {
    const home = await startHome({ BLOCK_COUNT: '2' });
    const { place, sql } = home;
    const [finished, blocked] = [await home.addLead(DESCRIPTION), await home.addLead(TOO_LONG)];
    const shelved = await home.addLead(DESCRIPTION);
    expect((await run(place, 'sweep')).code).toBe(1);
    const fresh = await home.addLead(DESCRIPTION);
    for (const id of [shelved, fresh]) {
      await sql(`update public.junior_leads set status = 'new' where id::text = $1`, [id]);
    }
    const waiting = await home.addLead(DESCRIPTION);

    const ids = [finished, shelved, STRANGER, blocked, 'no-id', fresh, waiting, fresh];
    const { code, stdout, stderr } = await run(place, 'flag', ...ids);
    expect(stdout.trimEnd().split('\n')).toEqual([
      `${finished}  flagged: a new run begins`,
      `${shelved}  flagged: a new run begins`,
      `${STRANGER}  not flagged: There is no lead ${STRANGER} in junior_leads.`,
      // It was blocked before a run began.
      `${blocked}  flagged: its first run begins`,
      like(/^no-id {2}not flagged: .*not an id of this table/),
      `${fresh}  flagged: its first run begins`,
      `${waiting}  was flagged already; it waits for its turn`,
    ]);
    expect(stderr).toBe('planline: 2 of 7 could not be flagged.\n');
    expect(code).toBe(1);
    const rows = await sql(
      `select count(*)::int as flagged from public.junior_leads where status = 'flagged'`,
    );
    expect(rows).toEqual([{ flagged: 5 }]);
  });

  it('lists what needs a person first, without colours where no terminal is', async () => {
    const home = await startHome({ BLOCK_COUNT: '2' });
    const { place } = home;
    const blocked = await home.addLead(TOO_LONG);
    const finished = await home.addLead(DESCRIPTION);
    await run(place, 'sweep');
    const waiting = await home.addLead(DESCRIPTION);
    const { stdout } = await run(place, 'status');
    // oxlint-disable-next-line eslint/no-control-regex -- what colours begin with
    expect(stdout).not.toMatch(/\u001b/);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^LEAD +STATUS +STEP +PROMPTS +NOTE$/);
    expect(lines.map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      [blocked, 'blocked'],
      [waiting, 'flagged'],
      [finished, 'archived'],
    ]);
    expect(lines[0]).toMatch(/the description has \d+ characters/);
    const json = await run(place, 'status', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject([
      { id: blocked },
      { id: waiting },
      { id: finished },
    ]);
  });

  it('watches leads on their way, a line for each change, until Ctrl+C', async () => {
    const home = await startHome({ BLOCK_COUNT: '2' });
    const { place } = home;
    const [blocked, finished] = [await home.addLead(TOO_LONG), await home.addLead(DESCRIPTION)];
    const watch = start(place, 'watch');
    await watch.until(new RegExp(`${finished}  flagged`));
    expect((await run(place, 'sweep')).code).toBe(1);
    await watch.until(new RegExp(`${blocked}  blocked .*the description has`));
    await watch.until(new RegExp(`${finished}  at rest`));
    const { code, stdout, stderr } = await watch.kill('SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of stdout.trimEnd().split('\n')) {
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}[0-9a-f-]{36} {2}/);
    }
  });

  it('has nothing to watch where no daemon runs', async () => {
    const { code, stderr } = await run({ cwd: await tempFolder(), env: {} }, 'watch');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'planline: No planline daemon runs here, so there is nothing to watch. Start one: planline daemon\n',
    );
  });
});
