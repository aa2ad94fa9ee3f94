import { describe, expect, it } from 'vitest';
import { durationText } from '../../../src/core/duration-text.ts';
import type { Ending, Notification } from '../../../src/core/notification.ts';
import { type NotificationText, notificationText } from '../../../src/core/notification-text.ts';

const blocked = (change: object = {}): Notification => ({
  kind: 'lead_blocked',
  leadId: '42',
  runId: '20261123_174501',
  step: 'stage2',
  reason: 'block 7 came back empty three times',
  ...change,
});

function field(text: NotificationText, name: string): string | undefined {
  return text.fields.find((one) => one.name === name)?.value;
}

describe('a finished lead', () => {
  const finished: Notification = {
    kind: 'lead_finished',
    leadId: '0190c2f1-7d3a-7b8e-9c1d-2f3a4b5c6d7e',
    runId: '20261123_174501',
    pages: 15,
    durationMs: 2 * 3_600_000 + 5 * 60_000 + 9_000,
    directory: '/srv/planline/runs/0190c2f1-7d3a-7b8e-9c1d-2f3a4b5c6d7e',
  };

  it('is told with its pages, duration and place', () => {
    const text = notificationText(finished);
    expect(text.title).toBe(
      'Lead 0190c2f1-7d3a-7b8e-9c1d-2f3a4b5c6d7e is finished: 15 pages in 2 h 5 min',
    );
    expect(text.fields).toEqual([
      { name: 'Lead', value: finished.leadId },
      { name: 'Run', value: '20261123_174501' },
      { name: 'Pages', value: '15' },
      { name: 'Duration', value: '2 h 5 min' },
      { name: 'Files', value: finished.directory },
    ]);
  });

  it('has one page in the singular', () => {
    expect(notificationText({ ...finished, pages: 1 }).title).toContain('1 page in');
  });
});

describe('a blocked lead', () => {
  it('is told with step, reason and what to do', () => {
    const text = notificationText(blocked());
    expect(text.title).toBe('Lead 42 is blocked at stage2');
    expect(text.lines[0]).toBe('It failed: block 7 came back empty three times');
    expect(text.closing[0]).toBe(
      'What to do: mend the cause, then set its status back to flagged, or run: planline flag 42',
    );
    expect(field(text, 'Step')).toBe('stage2');
  });

  it('may be blocked before it began', () => {
    const text = notificationText(blocked({ runId: null, step: null, reason: '' }));
    expect(text.title).toBe('Lead 42 is blocked');
    expect(text.lines[0]).toBe('It failed: no reason was recorded');
    expect(field(text, 'Step')).toBe('before the first step');
    expect(field(text, 'Run')).toBeUndefined();
  });

  it.each([
    ["o'neil; rm -rf", String.raw`planline flag 'o'\''neil; rm -rf'`],
    ['-5', "planline flag -- '-5'"],
    ['a\nb', 'planline flag ID'],
    ['lead-7_a', 'planline flag lead-7_a'],
  ])('has %j as one word of the command', (leadId, command) => {
    expect(notificationText(blocked({ leadId })).closing[0]?.endsWith(`run: ${command}`)).toBe(
      true,
    );
  });

  it('keeps every text on one bounded line and gives up no personal data', () => {
    const reason = `mail to jana@example.org\r\nfailed,\u001b[2J call +421 905 123 456 ${'🎓'.repeat(900)}`;
    const text = notificationText(blocked({ leadId: `x\n${'🎓'.repeat(100)}`, reason }));
    expect(text.lines[0]).toMatch(
      /^It failed: mail to \[email\] failed, ?\[2J call \[phone\] 🎓+…$/u,
    );
    for (const line of [text.title, ...text.lines]) {
      expect(line).not.toMatch(/[\r\n]/);
      expect(line.length).toBeLessThan(700);
      expect(line.isWellFormed()).toBe(true);
    }
    expect(text.title.length).toBeLessThanOrEqual(110);
  });

  it('keeps an id that looks like personal data: the row must be found', () => {
    expect(notificationText(blocked({ leadId: 'jana@example.org' })).title).toContain(
      'jana@example.org',
    );
  });
});

describe('the chat account', () => {
  it('asks for a person', () => {
    const text = notificationText({
      kind: 'chat_needs_operator',
      driver: 'browser',
      reason: 'the site asks to log in',
    });
    expect(text.title).toBe('The chat account needs you');
    expect(text.lines[0]).toBe('It stopped: the site asks to log in');
    expect(text.closing).toEqual(['What to do: see to it, then check with: planline doctor']);
    expect(field(text, 'Driver')).toBe('browser');
  });

  it('says how to go on where only a person may', () => {
    const text = notificationText({
      kind: 'chat_needs_operator',
      driver: 'browser',
      reason: 'suspicious activity',
      untilPerson: true,
    });
    expect(text.closing).toEqual(['What to do: see to it, then run: planline chat resume']);
  });
});

describe('work that is held up', () => {
  it('says why, that nothing is lost, and what sets it going', () => {
    const text = notificationText({ kind: 'work_held_up', reason: 'cold storage is not mounted' });
    expect(text.title).toBe('Work is held up');
    expect(text.lines[0]).toBe('For half an hour and more: cold storage is not mounted');
    expect(text.closing.join()).toMatch(/by themselves, within an hour.*planline flag/);
    expect(text.link.path).toBe('/system');
  });
});

describe('the daily summary', () => {
  const summary = { archived: 3, blocked: 0, running: 1, flagged: 2, blockedLeads: [] };

  it('counts', () => {
    const text = notificationText({ kind: 'daily_summary', day: '2026-11-23', summary });
    expect(text.title).toBe('2026-11-23: 3 finished, 0 blocked');
    expect(text.lines).toEqual(['In the last day 3 leads were finished. 0 leads are blocked.']);
    expect(text.fields.map(({ value }) => value)).toEqual(['3', '0', '1', '2']);
  });

  it('says since when it counts', () => {
    const since = '2026-11-20';
    const text = notificationText({ kind: 'daily_summary', day: '2026-11-23', since, summary });
    expect(text.lines[0]).toMatch(/^Since the summary of 2026-11-20 3 leads were finished\./);
  });

  it('names blocked leads with their reasons, and how many more there are', () => {
    const blockedLeads = Array.from({ length: 25 }, (_, n) => ({
      id: String(n),
      lastError: n === 0 ? null : `reason ${n}`,
    }));
    const text = notificationText({
      kind: 'daily_summary',
      day: '2026-11-23',
      summary: { ...summary, blocked: 30, blockedLeads },
    });
    const told = text.items.map(({ label, text: what }) => `${label} ${what}`);
    expect(told[0]).toBe('0 is blocked: no reason was recorded');
    expect(told.at(-1)).toBe('19 is blocked: reason 19');
    expect(text.closing[0]).toBe('… and 10 more: planline status');
    expect(text.closing[1]).toContain('back to flagged');
    expect(text.link.path).toBe('/leads?status=blocked');
  });
});

describe('a digest', () => {
  const finished = (leadId: string): Ending => ({
    kind: 'lead_finished',
    leadId,
    runId: '20261123_174501',
    pages: 15,
    durationMs: 125_000,
    directory: `/srv/runs/${leadId}`,
  });
  const stuck = (leadId: string): Ending => ({
    kind: 'lead_blocked',
    leadId,
    runId: null,
    step: 'plan',
    reason: `no plan for ${leadId}, said jana@example.org`,
  });

  it('counts, and shows what needs a person first', () => {
    const text = notificationText({
      kind: 'digest',
      endings: [finished('1'), stuck('2'), finished('3')],
    });
    expect(text.title).toBe('3 leads came to rest: 2 finished, 1 blocked');
    expect(text.items.map(({ label, text: what, link }) => [label, what, link.path])).toEqual([
      ['2', 'is blocked at plan: no plan for 2, said [email]', '/leads/2'],
      ['1', 'is finished: 15 pages in 2 min 5 s', '/leads/1'],
      ['3', 'is finished: 15 pages in 2 min 5 s', '/leads/3'],
    ]);
    expect(text.closing).toEqual([expect.stringContaining('planline flag ID…')]);
  });

  it('says how many it does not show', () => {
    const endings = Array.from({ length: 120 }, (_, n) => finished(String(n)));
    const text = notificationText({ kind: 'digest', endings });
    expect(text.items).toHaveLength(20);
    expect(text.closing).toEqual(['… and 100 more: planline status']);
    expect(text.link.path).toBe('/leads');
  });
});

describe('names', () => {
  const names = new Map([['42', 'Jana\nNováková']]);

  it('stand beside the ids of those whose names are given, and of nobody else', () => {
    expect(notificationText(blocked(), names).title).toBe(
      'Lead 42 (Jana Nováková) is blocked at stage2',
    );
    expect(notificationText(blocked({ leadId: '43' }), names).title).toBe(
      'Lead 43 is blocked at stage2',
    );
    expect(notificationText(blocked(), names).closing[0]).toMatch(/planline flag 42$/);
  });
});

describe('the link of a lead', () => {
  it.each([
    ['42', '/leads/42'],
    ['a/../b?c#d', '/leads/a%2F..%2Fb%3Fc%23d'],
    ['\ud800', '/leads/%EF%BF%BD'],
  ])('of %j leads to its page alone', (leadId, path) => {
    expect(notificationText(blocked({ leadId })).link.path).toBe(path);
  });
});

describe('durationText', () => {
  it.each([
    [0, 'less than 1 s'],
    [999, 'less than 1 s'],
    [1_000, '1 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [3_605_000, '1 h'],
    [3_660_000, '1 h 1 min'],
    [90_000_000, '1 d 1 h'],
    [86_400_000 * 40, '40 d'],
  ])('%i ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
