/** The other panels of the system page: the daemon, the queue, who holds which lead. */
import { durationText } from '../../core/duration-text.ts';
import type { Times } from '../../core/times.ts';
import type { FeedHealth } from '../../ports.ts';
import type { Lease, Overview } from '../../ports-dashboard.ts';
import type { DaemonStatus } from '../deps.ts';
import { html, type Html } from '../html.ts';
import { chip, statusChip } from '../parts/chip.ts';
import { ago } from '../parts/time.ts';

function daemonChip(state: ReturnType<DaemonStatus['state']>): Html {
  switch (state) {
    case 'live':
      return chip('good', 'Live');
    case 'polling':
      return chip('wait', 'Polling');
    case 'starting':
      return chip('busy', 'Starting');
    case 'draining':
      return chip('busy', 'Stopping');
    case 'stopped':
      return chip('idle', 'Stopped');
  }
}

function feedText({ state, detail }: FeedHealth): string {
  if (state === 'live') return 'subscribed';
  if (state === 'connecting') return 'connecting';
  return `down: leads are found by the poll meanwhile${detail === null ? '' : ` (${detail})`}`;
}

function moment(ms: number | null, nowMs: number, times: Times, never: string): Html {
  return ms === null ? html`${never}` : ago(ms, nowMs, times);
}

export function daemonPanel(daemon: DaemonStatus, nowMs: number, times: Times): Html {
  const feed = daemon.feed();
  const sweep = daemon.lastSweep();
  return html`<h2>Daemon</h2>
    <p>${daemonChip(daemon.state())}</p>
    <dl class="facts">
      <dt>Name</dt>
      <dd class="mono">${daemon.name}</dd>
      <dt>Started</dt>
      <dd>${ago(daemon.startedMs, nowMs, times)}</dd>
      <dt>Leads taken since</dt>
      <dd>${daemon.taken()}</dd>
      <dt>Realtime</dt>
      <dd>${feedText(feed)}</dd>
      <dt>Last heartbeat</dt>
      <dd>${moment(feed.lastHeartbeatMs, nowMs, times, 'none yet')}</dd>
      <dt>Last event</dt>
      <dd>${moment(feed.lastEventMs, nowMs, times, 'none yet')}</dd>
      <dt>Last sweep</dt>
      <dd>${moment(sweep?.atMs ?? null, nowMs, times, 'none since the start')}</dd>
      ${
        sweep === null
          ? ''
          : html`<dt>Leads that only it found</dt>
              <dd>${sweep.found}</dd>`
      }
    </dl>`;
}

export function queuePanel({ queue, untold, now }: Overview): Html {
  const nextMs = queue.nextAt === null ? null : Date.parse(queue.nextAt) - Date.parse(now);
  return html`<h2>Queue</h2>
    <ul class="figures">
      <li><strong>${queue.due}</strong> ready to be taken</li>
      <li><strong>${queue.held}</strong> being worked on</li>
      <li><strong>${queue.later}</strong> waiting to try again</li>
      <li><strong>${untold}</strong> messages to deliver</li>
    </ul>
    ${
      queue.later > 0 && queue.due === 0 && nextMs !== null && nextMs > 0
        ? html`<p>The next attempt is due in ${durationText(nextMs)}.</p>`
        : ''
    }`;
}

function leaseText(lease: Lease, nowMs: number): string {
  const leftMs = lease.expiresAt === null ? 0 : Date.parse(lease.expiresAt) - nowMs;
  return leftMs > 0
    ? `${durationText(leftMs)} left`
    : `over for ${durationText(-leftMs)}: any daemon may take it`;
}

function leaseRow(lease: Lease, nowMs: number): Html {
  return html`<tr id="lease-${lease.leadId}">
    <td>
      <a class="mono" href="/leads/${encodeURIComponent(lease.leadId)}">${lease.leadId}</a>
    </td>
    <td>${statusChip(lease.status)}</td>
    <td class="mono">${lease.daemon}</td>
    <td>${leaseText(lease, nowMs)}</td>
    <td>${lease.epoch}</td>
  </tr>`;
}

/** Leases go by the database's clock. */
export function leasesPanel({ leases, now }: Overview): Html {
  if (leases.length === 0) {
    return html`<h2>Leases</h2>
      <p class="empty">No daemon holds a lead.</p>`;
  }
  return html`<h2>Leases</h2>
    <table class="cards">
      <caption class="hidden">
        Leases of all daemons
      </caption>
      <thead>
        <tr>
          <th scope="col">Lead</th>
          <th scope="col">Status</th>
          <th scope="col">Daemon</th>
          <th scope="col">Lease</th>
          <th scope="col">Fencing token</th>
        </tr>
      </thead>
      <tbody>
        ${leases.map((lease) => leaseRow(lease, Date.parse(now)))}
      </tbody>
    </table>`;
}
