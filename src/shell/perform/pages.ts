/** Page JSON as recorded. */
import { z } from 'zod';
import { page, type Page } from '../../core/page.ts';
import { PlanlineError } from '../../core/errors.ts';

/** Throws `corrupt` naming the file. */
export function parsePage(path: string, text: string): Page {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PlanlineError('corrupt', `${path} is not JSON.`, { cause: error });
  }
  const parsed = page.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new PlanlineError('corrupt', `${path} is not a page: ${z.prettifyError(parsed.error)}`);
}
