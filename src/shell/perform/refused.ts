/** A step's refusal of its own input, as the error that blocks the lead. */
import { PlanlineError } from '../../core/errors.ts';
import type { Result } from '../../core/result.ts';

/** The value, or PlanlineError('permanent'): what was refused once is refused again. */
export function accepted<T>(result: Result<T>, what: string): T {
  if (result.ok) return result.value;
  throw new PlanlineError('permanent', `${what}: ${result.error.reason}`);
}
