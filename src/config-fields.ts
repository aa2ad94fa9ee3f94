/** How single variables of the environment read; a bad value says what it must be. */
import { validate } from 'node-cron';
import { z } from 'zod';
import { parseCrashOrder } from './core/crash-points.ts';
import { parseQuietHours } from './core/pacing.ts';

export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.int().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

export const url = (protocols: readonly string[]) =>
  z
    .url(`must be a URL beginning with ${protocols.join(' or ')}`)
    .refine(
      (text) => protocols.some((protocol) => text.startsWith(protocol)),
      `must begin with ${protocols.join(' or ')}`,
    );

/** A key goes into a header, and what no header takes would be quoted in an error message. */
export const key = z
  .string()
  .trim()
  .regex(/^[!-~]+$/, 'must be the key alone: no spaces, line breaks or typographic quotes');

export const oneOf = <const T extends readonly string[]>(names: T) =>
  z.enum(names, `must be ${names.join(' or ')}`);

export const emails = z
  .string()
  .transform((text) => text.split(',').map((address) => address.trim()))
  .pipe(z.array(z.string().regex(/@/, 'must be e-mail addresses separated by commas')).min(1));

export const cronFields = z
  .string()
  .trim()
  .refine(
    (text) => /^\S+(\s+\S+){4,5}$/.test(text) && validate(text),
    'must be a cron expression: minute, hour, day of month, month, day of week, such as 0 6 * * *',
  );

export const quietHours = z.string().transform((text, context) => {
  const hours = parseQuietHours(text);
  if (hours !== null) return hours;
  context.addIssue({ code: 'custom', message: 'must be from and to, such as 22:00-07:00' });
  return z.NEVER;
});

/** For the chaos tests alone, so it is not in .env.example. */
export const crashOrder = z.string().transform((text, context) => {
  const order = parseCrashOrder(text);
  if (order !== null) return order;
  context.addIssue({
    code: 'custom',
    message: 'must be <point>:<phase>:<nth>: see ARCHITECTURE.md',
  });
  return z.NEVER;
});

export function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
