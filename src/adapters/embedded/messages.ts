/** What the daemon and the process of the embedded Supabase tell each other over IPC. */
import { z } from 'zod';

const id = z.int().positive();

export const toChild = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    home: z.string().min(1),
    migrationsDir: z.string().min(1),
    port: z.int().min(1).max(65_535).nullable(),
  }),
  z.object({ type: z.literal('sql'), id, text: z.string(), params: z.array(z.unknown()) }),
  z.object({ type: z.literal('stop') }),
]);
export type ToChild = z.infer<typeof toChild>;
export type StartOrder = Extract<ToChild, { type: 'start' }>;
export type SqlOrder = Extract<ToChild, { type: 'sql' }>;

/** What can keep the embedded Supabase from starting or running. */
export const failureCode = z.enum(['usage', 'config', 'setup', 'unavailable']);
export type FailureCode = z.infer<typeof failureCode>;

const rows = z.array(z.record(z.string(), z.unknown()));

export const fromChild = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    fields: z.record(z.string(), z.unknown()),
    message: z.string(),
  }),
  z.object({
    type: z.literal('ready'),
    running: z.object({ url: z.string(), secretKey: z.string(), publishableKey: z.string() }),
  }),
  z.object({ type: z.literal('failed'), code: failureCode, message: z.string() }),
  z.object({ type: z.literal('rows'), id, rows }),
  /** The code is PostgreSQL's SQLSTATE, or empty. */
  z.object({ type: z.literal('sql_failed'), id, code: z.string(), message: z.string() }),
]);
export type FromChild = z.infer<typeof fromChild>;
