/** ChartReader by the function of supabase/migrations/…_planline_charts.sql. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import type { ChartCounts, ChartReader } from '../../ports-dashboard.ts';
import { call } from './call.ts';

const day = z.object({ day: z.iso.date(), started: z.int(), archived: z.int(), blocked: z.int() });

const durations = { prompts: z.int(), p50_ms: z.number(), p95_ms: z.number() };
const ofDay = z.object({ day: z.iso.date(), ...durations });
const ofStep = z.object({ step: z.string(), ...durations });

const reason = z.object({
  reason: z.string(),
  retried: z.int(),
  repaired: z.int(),
  blocked: z.int(),
});

const counts = z.object({
  leads: z.array(day),
  durations_by_day: z.array(ofDay),
  durations_by_step: z.array(ofStep),
  reasons: z.array(reason),
});

function durationOf(name: string, row: Omit<z.infer<typeof ofDay>, 'day'>) {
  return { name, prompts: row.prompts, p50Ms: row.p50_ms, p95Ms: row.p95_ms };
}

export function createChartReader(client: SupabaseClient): ChartReader {
  return {
    async counts({ sinceMs, reasons }): Promise<ChartCounts> {
      const found = await call(
        'Counting for the charts',
        counts,
        client.rpc('planline_charts', {
          p_since: new Date(sinceMs).toISOString(),
          p_reasons: reasons,
        }),
      );
      return {
        leads: found.leads,
        durationsByDay: found.durations_by_day.map((row) => durationOf(row.day, row)),
        durationsByStep: found.durations_by_step.map((row) => durationOf(row.step, row)),
        reasons: found.reasons,
      };
    },
  };
}
