-- planline: leads that end at once are told in one message. `batch` is the message that rows were told
-- in, so that a repeat of it holds the same rows under the same id.

alter table public.pipeline_notifications add column if not exists batch uuid;
create index if not exists pipeline_notifications_told
  on public.pipeline_notifications (channel, finished_at) where state = 'delivered';

create function public.planline_is_ending(p_payload jsonb) returns boolean
language sql immutable parallel safe set search_path = ''
as $$ select p_payload ->> 'kind' in ('lead_finished', 'lead_blocked') $$;

-- The next message of a channel: the rows that it is made of, marked as being tried. Up to p_singles
-- messages about ended leads go out within p_window_ms; where more wait, they are held until the
-- window since the last one is over, and go out together. All of that is decided by what is stored
-- and by this clock. `maybe_repeated`: an earlier try began and its end was never recorded.
create function public.planline_outbox_take_next(
  p_channel text, p_lease_ms integer, p_window_ms bigint, p_singles integer
) returns table (id uuid, channel text, lead_id text, payload jsonb, attempts integer, batch uuid,
                 maybe_repeated boolean)
language plpgsql security invoker set search_path = ''
as $$
declare
  v_most constant integer := 200;
  v_now timestamptz;
  v_waiting integer;
  v_told integer;
  v_single boolean;
  v_next public.pipeline_notifications;
  v_batch uuid;
  v_ids uuid[];
begin
  -- One taker of a channel at a time: what is counted here must still hold when the rows are marked.
  perform pg_advisory_xact_lock(hashtextextended('planline_outbox/' || p_channel, 0));
  v_now := clock_timestamp();
  select count(*) into v_waiting from public.pipeline_notifications n
   where n.channel = p_channel and n.state = 'pending' and n.next_attempt_at <= v_now
     and public.planline_is_ending(n.payload);
  select count(distinct coalesce(n.batch, n.id)) into v_told from public.pipeline_notifications n
   where n.channel = p_channel and n.state = 'delivered' and public.planline_is_ending(n.payload)
     and n.finished_at > v_now - p_window_ms * interval '1 millisecond';
  v_single := v_waiting + v_told <= p_singles;

  select * into v_next from public.pipeline_notifications n
   where n.channel = p_channel and n.state in ('pending', 'trying') and n.next_attempt_at <= v_now
     and (n.state = 'trying' or v_single or v_told = 0 or not public.planline_is_ending(n.payload))
   order by n.next_attempt_at, n.created_at, n.id
   limit 1
   for update;
  if not found then
    return;
  end if;

  v_batch := v_next.batch;
  v_ids := array[v_next.id];
  if v_next.state = 'trying' and v_batch is not null then
    v_ids := array(
      select n.id from public.pipeline_notifications n
       where n.channel = p_channel and n.batch = v_batch and n.state = 'trying');
  elsif v_next.state = 'pending' then
    -- It was certainly not told so far: it may go out in other company than the last time.
    v_batch := null;
    if public.planline_is_ending(v_next.payload) and not v_single then
      v_batch := gen_random_uuid();
      v_ids := array(
        select n.id from public.pipeline_notifications n
         where n.channel = p_channel and n.state = 'pending' and n.next_attempt_at <= v_now
           and public.planline_is_ending(n.payload)
         order by n.next_attempt_at, n.created_at, n.id
         limit v_most);
    end if;
  end if;
  return query
    with told as (
      update public.pipeline_notifications n
         set state = 'trying', attempts = n.attempts + 1, batch = v_batch,
             next_attempt_at = clock_timestamp() + p_lease_ms * interval '1 millisecond'
       where n.id = any (v_ids)
       returning n.*)
    select t.id, t.channel, t.lead_id, t.payload, t.attempts, t.batch, v_next.state = 'trying'
      from told t order by t.created_at, t.key;
end
$$;

-- What of the wanted things is not there, or not for this key. p_wanted: grants as
-- `table PRIVILEGE`, triggers as `table.trigger`, functions by name. And how Realtime stands.
create function public.planline_lacks(p_wanted jsonb) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'grants', (
      select coalesce(jsonb_agg(w.name order by w.name), '[]'::jsonb)
        from jsonb_array_elements_text(p_wanted -> 'grants') as w (name)
       where not coalesce(has_table_privilege(
         to_regclass('public.' || quote_ident(split_part(w.name, ' ', 1))),
         split_part(w.name, ' ', 2)), false)),
    'triggers', (
      select coalesce(jsonb_agg(w.name order by w.name), '[]'::jsonb)
        from jsonb_array_elements_text(p_wanted -> 'triggers') as w (name)
       where not exists (
         select 1 from pg_catalog.pg_trigger g
          where g.tgrelid = to_regclass('public.' || quote_ident(split_part(w.name, '.', 1)))
            and g.tgname = split_part(w.name, '.', 2) and g.tgenabled <> 'D')),
    'functions', (
      select coalesce(jsonb_agg(w.name order by w.name), '[]'::jsonb)
        from jsonb_array_elements_text(p_wanted -> 'functions') as w (name)
       where not exists (
         select 1 from pg_catalog.pg_proc p
          where p.pronamespace = 'public'::regnamespace and p.proname = w.name
            and has_function_privilege(p.oid, 'EXECUTE'))),
    'publication', (
      select jsonb_build_object(
               'inserts', p.pubinsert, 'updates', p.pubupdate,
               'table', exists (
                 select 1 from pg_catalog.pg_publication_tables t
                  where t.pubname = p.pubname and t.schemaname = 'public'
                    and t.tablename = 'junior_leads'))
        from pg_catalog.pg_publication p where p.pubname = 'supabase_realtime'))
$$;

-- What doctor asks first: which migration the database has. What it lacks is for planline_lacks.
create or replace function public.planline_info() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'schema_version', 20261124120000,
    'now', public.planline_utc(clock_timestamp()),
    'role', current_user)
$$;

do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'public'
       and p.proname in ('planline_is_ending', 'planline_outbox_take_next', 'planline_lacks')
  loop
    execute format('revoke all on function %s from public, anon, authenticated', v_function);
    execute format('grant execute on function %s to service_role', v_function);
  end loop;
end
$$;

notify pgrst, 'reload schema';
