import { fileURLToPath } from 'node:url';

/** A small schema to try a Supabase with, apart from planline's own. */
export const PROBE_MIGRATIONS = fileURLToPath(
  new URL('../fixtures/probe-migrations/', import.meta.url),
);
