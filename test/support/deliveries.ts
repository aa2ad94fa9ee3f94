import type { Delivery } from '../../src/ports.ts';
import type { Notification as Any } from '../../src/core/notification.ts';

type Kind<K extends Any['kind']> = Extract<Any, { kind: K }>;

export const FINISHED: Kind<'lead_finished'> = {
  kind: 'lead_finished',
  leadId: '42',
  runId: '20261123_174501',
  pages: 15,
  durationMs: 125_000,
  directory: '/srv/runs/42',
};

export const BLOCKED: Kind<'lead_blocked'> = {
  kind: 'lead_blocked',
  leadId: '42',
  runId: '20261123_174501',
  step: 'stage2',
  reason: 'block 7: <!channel> "quoted" & ľščťž 🎓',
};

export function delivery(notification: Any, change: Partial<Delivery> = {}): Delivery {
  return {
    id: '0190c2f1-7d3a-7b8e-9c1d-2f3a4b5c6d7e',
    notification,
    names: new Map(),
    maybeRepeated: false,
    ...change,
  };
}
