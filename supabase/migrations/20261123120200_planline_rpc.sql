-- planline: what the daemon calls. Error codes: PL001 stale fencing token, PL002 stale seq,
-- PL003 lead not there, PL004 artifact does not fit its sha256, PL005 hand edit refused,
-- PL006 append-only.

create function public.planline_claim(
  p_daemon text, p_lease_ms integer, p_running text[] default '{}', p_only text default null
) returns setof public.junior_leads
language plpgsql security invoker set search_path = ''
as $$
declare
  v_lead public.junior_leads;
  v_last_status text;
begin
  select * into v_lead from public.junior_leads l
   where l.status in ('flagged', 'processing', 'plan_ready', 'html_ready', 'uploaded')
     -- A table in use may have rows that were "processing" before planline came: not ours.
     and (l.status = 'flagged' or l.claim_epoch > 0)
     and l.next_attempt_at <= clock_timestamp()
     -- One daemon is one process: what it holds but does not run was left by its own crash.
     and (l.claimed_by is null or l.claimed_by = p_daemon or l.lease_expires_at < clock_timestamp())
     and not (l.id::text = any (p_running))
     and (p_only is null or l.id::text = p_only)
   order by l.next_attempt_at, l.id
   limit 1
   for update skip locked;
  if not found then
    return;
  end if;

  perform set_config('planline.writer', 'pipeline', true);
  update public.junior_leads l
     set claimed_by = p_daemon,
         claim_epoch = l.claim_epoch + 1,
         lease_expires_at = clock_timestamp() + p_lease_ms * interval '1 millisecond',
         pipeline_updated_at = clock_timestamp()
   where l.id = v_lead.id
   returning * into v_lead;
  perform set_config('planline.writer', '', true);

  -- Flagged before the migration, or with triggers off: the stream still begins with the fact.
  select e.status_to into v_last_status from public.pipeline_events e
   where e.lead_id = v_lead.id::text and e.status_to is not null order by e.seq desc limit 1;
  if v_lead.status = 'flagged' and v_last_status is distinct from 'flagged' then
    perform public.planline_record(v_lead.id::text, jsonb_build_object(
      'type', 'lead.flagged', 'actor', 'claim', 'status_to', 'flagged',
      'data', public.planline_description_facts(v_lead.description::text)), v_last_status);
  end if;
  perform public.planline_record(v_lead.id::text, jsonb_build_object(
    'type', 'lead.claimed', 'actor', p_daemon,
    'data', jsonb_build_object(
      'daemon', p_daemon, 'epoch', v_lead.claim_epoch,
      'lease_expires_at', public.planline_utc(v_lead.lease_expires_at))), v_lead.status::text);
  return next v_lead;
end
$$;

create function public.planline_renew(p_lead_id text, p_epoch bigint, p_lease_ms integer)
returns timestamptz
language plpgsql security invoker set search_path = ''
as $$
declare
  v_id public.junior_leads.id%type := p_lead_id;
  v_until timestamptz;
begin
  perform set_config('planline.writer', 'pipeline', true);
  update public.junior_leads
     set lease_expires_at = clock_timestamp() + p_lease_ms * interval '1 millisecond'
   where id = v_id and claim_epoch = p_epoch and claimed_by is not null
   returning lease_expires_at into v_until;
  perform set_config('planline.writer', '', true);
  if v_until is null then
    raise exception 'The lease on lead % with fencing token % is gone: another daemon took it over, or the lead was deleted.',
      p_lead_id, p_epoch using errcode = 'PL001';
  end if;
  return v_until;
end
$$;

-- p_delay_ms counts by this clock, which claim reads too: the daemon's own may be off. p_seen_seq is
-- the end of the stream as the daemon knows it: what was flagged after that is wanted now.
create function public.planline_release(
  p_lead_id text, p_epoch bigint, p_delay_ms bigint default 0, p_seen_seq bigint default 0
) returns boolean
language plpgsql security invoker set search_path = ''
as $$
declare
  v_id public.junior_leads.id%type := p_lead_id;
  v_done boolean;
begin
  perform set_config('planline.writer', 'pipeline', true);
  update public.junior_leads
     set claimed_by = null, lease_expires_at = null,
         next_attempt_at = case
           when exists (
             select 1 from public.pipeline_events e
              where e.lead_id = p_lead_id and e.type = 'lead.flagged' and e.seq > p_seen_seq)
           then next_attempt_at
           else clock_timestamp() + p_delay_ms * interval '1 millisecond' end
   where id = v_id and claim_epoch = p_epoch and claimed_by is not null;
  v_done := found;
  perform set_config('planline.writer', '', true);
  return v_done;
end
$$;

create function public.planline_put_pages(p_lead_id text, p_run_id text, p_pages jsonb) returns void
language plpgsql security invoker set search_path = ''
as $$
declare
  -- The type that the table has in this project.
  v_client_id public.client_learning_pages.client_id%type := p_lead_id;
begin
  insert into public.client_learning_pages as c
    (client_id, page_index, title, content, run_id, updated_at)
  select v_client_id, (page ->> 'page_index')::integer, page ->> 'title', page, p_run_id,
         clock_timestamp()
    from jsonb_array_elements(p_pages) as page
  on conflict (client_id, page_index) do update
     set title = excluded.title, content = excluded.content, run_id = excluded.run_id,
         updated_at = excluded.updated_at;
  -- Pages of an earlier, longer run; their last version is in the history.
  delete from public.client_learning_pages
   where client_id = v_client_id and page_index > jsonb_array_length(p_pages);
end
$$;

create function public.planline_append(
  p_lead_id text, p_epoch bigint, p_expected_seq bigint, p_run_id text, p_events jsonb,
  p_artifacts jsonb default '[]', p_patch jsonb default '{}', p_pages jsonb default null,
  p_notifications jsonb default '[]'
) returns setof public.pipeline_events
language plpgsql security invoker set search_path = ''
as $$
declare
  v_id public.junior_leads.id%type := p_lead_id;
  v_lead public.junior_leads;
  v_found boolean;
  v_seq bigint;
  v_status text;
  v_event jsonb;
  v_artifact jsonb;
  v_row public.pipeline_events;
begin
  -- The lock comes first: a retry that overtakes its own first try waits here, then sees its events.
  select * into v_lead from public.junior_leads where id = v_id for update;
  v_found := found;

  if exists (
    select 1 from public.pipeline_events
     where event_id = (p_events -> 0 ->> 'event_id')::uuid and lead_id = p_lead_id
  ) then
    return query
      select e.* from public.pipeline_events e
       where e.lead_id = p_lead_id
         and e.event_id in (select (x ->> 'event_id')::uuid from jsonb_array_elements(p_events) x)
       order by e.seq;
    return;
  end if;

  if not v_found then
    raise exception 'Lead % is not in junior_leads any more: nothing was written.', p_lead_id
      using errcode = 'PL003';
  end if;
  if v_lead.claim_epoch <> p_epoch or v_lead.claimed_by is null then
    raise exception 'Fencing token % of lead % is stale (now %): another daemon took it over. Nothing was written.',
      p_epoch, p_lead_id, v_lead.claim_epoch using errcode = 'PL001';
  end if;
  select coalesce(max(seq), 0) into v_seq from public.pipeline_events where lead_id = p_lead_id;
  if v_seq <> p_expected_seq then
    raise exception 'Stream of lead % is at seq %, not %: read on first. Nothing was written.',
      p_lead_id, v_seq, p_expected_seq using errcode = 'PL002';
  end if;

  for v_artifact in select x from jsonb_array_elements(p_artifacts) x loop
    if public.planline_sha256(v_artifact ->> 'content') <> v_artifact ->> 'sha256' then
      raise exception 'Artifact % of lead % does not fit its sha256. Nothing was written.',
        v_artifact ->> 'path', p_lead_id using errcode = 'PL004';
    end if;
    insert into public.pipeline_artifacts (lead_id, run_id, path, sha256, bytes, content)
    values (p_lead_id, p_run_id, v_artifact ->> 'path', v_artifact ->> 'sha256',
            octet_length(convert_to(v_artifact ->> 'content', 'UTF8')), v_artifact ->> 'content')
    on conflict do nothing;
  end loop;

  if p_pages is not null then
    perform public.planline_put_pages(p_lead_id, p_run_id, p_pages);
  end if;

  v_status := v_lead.status::text;
  for v_event in select x from jsonb_array_elements(p_events) x loop
    v_row := public.planline_record(p_lead_id, v_event, v_status);
    v_status := coalesce(v_row.status_to, v_status);
    return next v_row;
  end loop;

  insert into public.pipeline_notifications (key, channel, lead_id, payload)
  select n ->> 'key', channel, p_lead_id, n -> 'payload'
    from jsonb_array_elements(p_notifications) n,
         jsonb_array_elements_text(n -> 'channels') channel
  on conflict (key, channel) do nothing;

  perform set_config('planline.writer', 'pipeline', true);
  update public.junior_leads
     set status = v_status,
         pipeline_updated_at = clock_timestamp(),
         input_transform = case when p_patch ? 'input_transform'
           then p_patch -> 'input_transform' else input_transform end,
         plan = case when p_patch ? 'plan' then p_patch ->> 'plan' else plan end,
         processing_started_at = case when p_patch ? 'processing_started_at'
           then (p_patch ->> 'processing_started_at')::timestamptz else processing_started_at end,
         processing_completed_at = case when p_patch ? 'processing_completed_at'
           then (p_patch ->> 'processing_completed_at')::timestamptz else processing_completed_at end,
         last_error = case when p_patch ? 'last_error'
           then p_patch ->> 'last_error' else last_error end,
         retry_count = case when p_patch ? 'retry_count'
           then (p_patch ->> 'retry_count')::integer else retry_count end,
         next_attempt_at = case when p_patch ? 'next_attempt_at'
           then coalesce((p_patch ->> 'next_attempt_at')::timestamptz, clock_timestamp())
           else next_attempt_at end,
         pipeline_progress = case when p_patch ? 'pipeline_progress'
           then p_patch -> 'pipeline_progress' else pipeline_progress end
   where id = v_lead.id;
  perform set_config('planline.writer', '', true);
end
$$;

-- The outbox: takes the next row that is due and marks it as being tried. `maybe_repeated` tells
-- that an earlier try began and its end was never recorded.
create function public.planline_outbox_take(p_channels text[], p_lease_ms integer)
returns table (id uuid, key text, channel text, lead_id text, payload jsonb, attempts integer,
               maybe_repeated boolean)
language plpgsql security invoker set search_path = ''
as $$
declare
  v_item public.pipeline_notifications;
begin
  select * into v_item from public.pipeline_notifications n
   where n.state in ('pending', 'trying') and n.next_attempt_at <= clock_timestamp()
     and n.channel = any (p_channels)
   order by n.next_attempt_at, n.created_at
   limit 1
   for update skip locked;
  if not found then
    return;
  end if;
  update public.pipeline_notifications n
     set state = 'trying', attempts = n.attempts + 1,
         next_attempt_at = clock_timestamp() + p_lease_ms * interval '1 millisecond'
   where n.id = v_item.id;
  return query select v_item.id, v_item.key, v_item.channel, v_item.lead_id, v_item.payload,
                      v_item.attempts + 1, v_item.state = 'trying';
end
$$;

-- p_outcome: delivered, retry (at p_retry_at) or abandoned. The end of a lead's notification is an
-- event of its stream. False when another daemon has taken the row since.
create function public.planline_outbox_finish(
  p_id uuid, p_attempts integer, p_outcome text, p_reason text default null,
  p_retry_at timestamptz default null
) returns boolean
language plpgsql security invoker set search_path = ''
as $$
declare
  v_item public.pipeline_notifications;
  v_lead public.junior_leads;
  v_lead_id public.junior_leads.id%type;
begin
  update public.pipeline_notifications n
     set state = case p_outcome when 'retry' then 'pending' else p_outcome end,
         next_attempt_at = coalesce(p_retry_at, n.next_attempt_at),
         last_error = p_reason,
         finished_at = case p_outcome when 'retry' then null else clock_timestamp() end
   where n.id = p_id and n.state = 'trying' and n.attempts = p_attempts
   returning * into v_item;
  if not found then
    return false;
  end if;
  if v_item.lead_id is null or p_outcome = 'retry' then
    return true;
  end if;

  v_lead_id := v_item.lead_id;
  select * into v_lead from public.junior_leads where id = v_lead_id for update;
  if found then
    perform public.planline_record(v_item.lead_id, jsonb_build_object(
      'type', 'notification.' || p_outcome, 'actor', 'outbox', 'run_id', v_item.payload ->> 'runId',
      'data', jsonb_build_object('notification_id', v_item.key, 'channel', v_item.channel)
              || case when p_outcome = 'abandoned'
                      then jsonb_build_object('reason', coalesce(p_reason, ''))
                      else '{}'::jsonb end), v_lead.status::text);
  end if;
  return true;
end
$$;

-- What doctor asks: which migration the database has, and what else must be there.
create function public.planline_info() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'schema_version', 20261123120200,
    'now', public.planline_utc(clock_timestamp()),
    'role', current_user,
    'realtime', exists (
      select 1 from pg_catalog.pg_publication_tables
       where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = 'junior_leads'),
    'missing_grants', (
      select coalesce(jsonb_agg(g.name || ' ' || g.privilege), '[]'::jsonb)
        from (values
          ('junior_leads', 'SELECT'), ('junior_leads', 'INSERT'), ('junior_leads', 'UPDATE'),
          ('client_learning_pages', 'SELECT'), ('client_learning_pages', 'INSERT'),
          ('client_learning_pages', 'UPDATE'), ('client_learning_pages', 'DELETE'),
          ('client_learning_pages_history', 'SELECT'),
          ('pipeline_events', 'SELECT'), ('pipeline_events', 'INSERT'),
          ('pipeline_artifacts', 'SELECT'), ('pipeline_artifacts', 'INSERT'),
          ('pipeline_notifications', 'SELECT'), ('pipeline_notifications', 'INSERT'),
          ('pipeline_notifications', 'UPDATE')
        ) as g (name, privilege)
       where not has_table_privilege('public.' || g.name, g.privilege)),
    'missing_triggers', (
      select coalesce(jsonb_agg(t.name), '[]'::jsonb)
        from (values
          ('junior_leads', 'planline_guard'), ('junior_leads', 'planline_hand_edit'),
          ('client_learning_pages', 'planline_keep_page'),
          ('pipeline_events', 'planline_append_only')
        ) as t (relation, name)
       where not exists (
         select 1 from pg_catalog.pg_trigger g
          where g.tgrelid = ('public.' || t.relation)::regclass and g.tgname = t.name
            and g.tgenabled <> 'D')))
$$;

-- Functions are executable by everybody unless it is taken away: here, by the daemon's key alone.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'public' and p.proname like 'planline\_%'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', v_function);
    execute format('grant execute on function %s to service_role', v_function);
  end loop;
end
$$;

notify pgrst, 'reload schema';
