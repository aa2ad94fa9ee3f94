-- planline: what the dashboard's charts show, counted here: no event leaves the database for it.

-- The few kinds of event that charts count, by time: a tenth of all.
create index pipeline_events_planline_charts on public.pipeline_events (occurred_at, type)
  where type in ('run.started', 'prompt.answered', 'prompt.refused', 'attempt.failed', 'lead.blocked',
                 'step.completed');

-- From the day of p_since on, days in UTC. A reason is counted without its numbers: "attempt 2 of
-- block 7" and "attempt 1 of block 3" are one reason.
create function public.planline_charts(p_since timestamptz, p_reasons integer) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  with counted as materialized (
    select (e.occurred_at at time zone 'UTC')::date as day, e.type, e.data, e.status_to
      from public.pipeline_events e
     where e.occurred_at >= date_trunc('day', p_since at time zone 'UTC') at time zone 'UTC'
       and e.type in ('run.started', 'prompt.answered', 'prompt.refused', 'attempt.failed',
                      'lead.blocked', 'step.completed')
  )
  select jsonb_build_object(
    'leads', (
      select coalesce(jsonb_agg(to_jsonb(d) order by d.day), '[]'::jsonb)
        from (select c.day,
                     count(*) filter (where c.type = 'run.started') as started,
                     count(*) filter (where c.type = 'step.completed' and c.status_to = 'archived')
                       as archived,
                     count(*) filter (where c.type = 'lead.blocked') as blocked
                from counted c
               where c.type in ('run.started', 'lead.blocked')
                  or (c.type = 'step.completed' and c.status_to = 'archived')
               group by c.day) d),
    'durations_by_day', (
      select coalesce(jsonb_agg(to_jsonb(d) order by d.day), '[]'::jsonb)
        from (select c.day, count(*) as prompts,
                     round(percentile_cont(0.5) within group
                       (order by (c.data ->> 'duration_ms')::bigint))
                       as p50_ms,
                     round(percentile_cont(0.95) within group
                       (order by (c.data ->> 'duration_ms')::bigint))
                       as p95_ms
                from counted c
               where c.type = 'prompt.answered'
               group by c.day) d),
    'durations_by_step', (
      select coalesce(jsonb_agg(to_jsonb(d) order by d.step), '[]'::jsonb)
        from (select c.data ->> 'step' as step, count(*) as prompts,
                     round(percentile_cont(0.5) within group
                       (order by (c.data ->> 'duration_ms')::bigint))
                       as p50_ms,
                     round(percentile_cont(0.95) within group
                       (order by (c.data ->> 'duration_ms')::bigint))
                       as p95_ms
                from counted c
               where c.type = 'prompt.answered'
               group by c.data ->> 'step') d),
    'reasons', (
      select coalesce(jsonb_agg(to_jsonb(r) order by r.retried + r.repaired + r.blocked desc, r.reason),
                      '[]'::jsonb)
        from (select regexp_replace(c.data ->> 'reason', '[0-9]+', '#', 'g') as reason,
                     count(*) filter (where c.type = 'attempt.failed') as retried,
                     count(*) filter (where c.type = 'prompt.refused') as repaired,
                     count(*) filter (where c.type = 'lead.blocked') as blocked
                from counted c
               where c.type in ('attempt.failed', 'prompt.refused', 'lead.blocked')
               group by 1
               order by count(*) desc, 1
               limit p_reasons) r))
$$;

revoke all on function public.planline_charts(timestamptz, integer)
  from public, anon, authenticated;
grant execute on function public.planline_charts(timestamptz, integer) to service_role;

notify pgrst, 'reload schema';
