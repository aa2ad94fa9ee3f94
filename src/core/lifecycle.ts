/** The lifecycle of a lead, said once: statuses of the row and the steps inside each. */

/** Statuses of `junior_leads.status` that belong to planline. Every other value is the user's own. */
export const STATUSES = [
  'flagged',
  'processing',
  'plan_ready',
  'html_ready',
  'uploaded',
  'archived',
  'blocked',
] as const;
export type Status = (typeof STATUSES)[number];

/** The steps of a run, in order. `notify` asks the outbox to tell the operator and ends the run. */
export const STEPS = [
  'input_transform',
  'plan',
  'blocks',
  'stage2',
  'prepare_html',
  'stage3',
  'html_to_json',
  'clean',
  'upload',
  'archive',
  'notify',
] as const;
export type Step = (typeof STEPS)[number];

/** The steps that ask the chat model. */
export const CHAT_STEPS = ['input_transform', 'plan', 'stage2', 'stage3'] as const;
export type ChatStep = (typeof CHAT_STEPS)[number];

/** Statuses of a row whose run is under way. */
export const RUNNING_STATUSES = ['processing', 'plan_ready', 'html_ready', 'uploaded'] as const;
export type RunningStatus = (typeof RUNNING_STATUSES)[number];

/** Statuses of a row that a daemon works on, or will. */
export const UNDER_WAY_STATUSES = ['flagged', ...RUNNING_STATUSES] as const;

export function isRunningStatus(status: string | null): boolean {
  return RUNNING_STATUSES.some((running) => running === status);
}

export function isUnderWay(status: string | null): boolean {
  return UNDER_WAY_STATUSES.some((underWay) => underWay === status);
}

/** The row's status while a step is being performed. */
export const STATUS_OF_STEP: Readonly<Record<Step, RunningStatus>> = {
  input_transform: 'processing',
  plan: 'processing',
  blocks: 'processing',
  stage2: 'processing',
  prepare_html: 'plan_ready',
  stage3: 'plan_ready',
  html_to_json: 'html_ready',
  clean: 'html_ready',
  upload: 'html_ready',
  archive: 'uploaded',
  notify: 'uploaded',
};

/** The step that follows, or null after the last one. */
export function stepAfter(step: Step): Step | null {
  return STEPS[STEPS.indexOf(step) + 1] ?? null;
}

/** The row's status once a step is completed. */
export function statusAfter(step: Step): Status {
  const next = stepAfter(step);
  return next === null ? 'archived' : STATUS_OF_STEP[next];
}

export function isChatStep(step: Step): step is ChatStep {
  return CHAT_STEPS.some((chatStep) => chatStep === step);
}

/** Prompts that a whole run asks: one profile, one plan, and two a block. */
export function promptsTotal(blockCount: number): number {
  return 2 + 2 * blockCount;
}
