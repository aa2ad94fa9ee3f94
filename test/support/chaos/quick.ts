/** One cell for each boundary: what `npm test` runs of the matrix. A new point has to be named here. */
import type { CrashPhase, CrashPoint } from '../../../src/core/crash-points.ts';
import { SCENARIOS, type Cell, type Scenario } from './cells.ts';

const {
  plain,
  telling,
  sloppy,
  failing,
  limited,
  person,
  sweeping,
  silent,
  slow,
  forged,
  recovered,
} = SCENARIOS;

const ONE_EACH: Readonly<Record<CrashPoint, readonly [Scenario, CrashPhase, nth?: number]>> = {
  home_locked: [plain, 'start'],
  daemon_named: [plain, 'start'],
  sweep_noted: [sweeping, 'tell'],
  claimed: [plain, 'begin'],
  lease_renewed: [slow, 'plan'],
  released: [plain, 'rest'],
  file_written: [plain, 'clean', 2],
  file_renamed: [plain, 'begin', 3],
  append_sending: [plain, 'html_to_json'],
  append_sent: [plain, 'upload'],
  append_committed: [plain, 'stage2', 3],
  log_written: [plain, 'blocks'],
  log_set_aside: [forged, 'begin'],
  send_intended: [plain, 'stage3'],
  prompt_taken: [plain, 'input_transform'],
  sent_recorded: [plain, 'plan'],
  answered: [plain, 'stage3'],
  answer_recovered: [recovered, 'stage2'],
  reply_saved: [plain, 'stage2', 2],
  refusal_recorded: [sloppy, 'plan'],
  failure_recorded: [failing, 'stage2'],
  attempt_logged: [plain, 'input_transform'],
  account_saved: [limited, 'input_transform'],
  zip_written: [plain, 'archive'],
  zip_checked: [plain, 'archive'],
  zip_renamed: [plain, 'archive'],
  summary_written: [plain, 'notify'],
  folder_hidden: [plain, 'notify'],
  folder_removed: [plain, 'notify'],
  notification_put: [person, 'tell'],
  notification_taken: [telling, 'tell'],
  notification_sent: [telling, 'tell'],
  delivery_recorded: [telling, 'tell'],
};

function isPoint(name: string): name is CrashPoint {
  return Object.hasOwn(ONE_EACH, name);
}

export const ONE_EACH_CELLS: readonly Cell[] = Object.keys(ONE_EACH)
  .filter(isPoint)
  .map((point) => {
    const [scenario, phase, nth = 1] = ONE_EACH[point];
    return { scenario, point, phase, nth };
  });

/** Those that another machine with an empty disk has most to do for. */
export const TAKEOVER_CELLS: readonly Cell[] = [
  { scenario: plain, point: 'append_committed', phase: 'begin', nth: 1 },
  { scenario: plain, point: 'sent_recorded', phase: 'stage2', nth: 2 },
  { scenario: plain, point: 'reply_saved', phase: 'stage3', nth: 1 },
  { scenario: plain, point: 'append_sent', phase: 'upload', nth: 1 },
  { scenario: plain, point: 'log_written', phase: 'archive', nth: 1 },
  { scenario: plain, point: 'folder_hidden', phase: 'notify', nth: 1 },
];

/** The last append of a run, where nobody is told and so nobody looks at the lead again. */
export const LAST_CELLS: readonly Cell[] = [
  { scenario: silent, point: 'append_committed', phase: 'notify', nth: 1 },
];
