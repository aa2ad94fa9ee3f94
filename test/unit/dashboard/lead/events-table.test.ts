import { describe, expect, it } from 'vitest';
import {
  dataSummary,
  eventsPage,
  eventsTable,
} from '../../../../src/dashboard/lead/events-table.ts';
import { linksOf } from '../../../../src/dashboard/lead/links.ts';
import { timesIn } from '../../../../src/core/times.ts';
import { History } from '../../../support/history.ts';

const links = linksOf('lead/1');
const times = timesIn('Europe/Bratislava');

function long(count: number): History {
  const history = new History('lead/1').flagged();
  while (history.events.length < count) history.claimed(history.events.length);
  return history;
}

describe('the events of a lead', () => {
  it('come newest first, a hundred a page', () => {
    const { events } = long(250);
    const first = eventsPage(events, null).map(({ seq }) => seq);
    expect([first.length, first.at(0), first.at(-1)]).toEqual([100, 250, 151]);
    const last = eventsPage(events, 51).map(({ seq }) => seq);
    expect([last.length, last.at(0), last.at(-1)]).toEqual([50, 50, 1]);
  });

  it('lead to the page before and after, and to each moment', async () => {
    const { events } = long(250);
    const html = String(await eventsTable({ events, before: 151, at: null, times }, links));
    expect(html).toContain('/leads/lead%2F1?before=51#events');
    expect(html).toContain('"/leads/lead%2F1#events"');
    expect(html).toContain('/leads/lead%2F1?at=100');
    expect(html).toContain('51–150 of 250');
    expect(html).toContain('Time (Europe/Bratislava)');
  });

  it('show the events around a moment of the past', async () => {
    const { events } = long(250);
    const html = String(await eventsTable({ events, before: null, at: 60, times }, links));
    expect(html).toMatch(/id="event-60" class="shown"/);
  });

  it('say in a line what their data is about', () => {
    const data = { step: 'plan', n: 1, attempt: 2, code: 'retryable', reason: 'no <blok-3>' };
    expect(dataSummary({ data })).toBe('plan · prompt 1 · attempt 2 · retryable · no <blok-3>');
    expect(dataSummary({ data: {} })).toBe('');
  });
});
