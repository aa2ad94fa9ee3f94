-- planline: what `forget` and `prune` call. A person who asks to be forgotten loses every text that
-- planline has of them; the events stay, as they hold none. Old runs leave the database once their
-- zip was checked.

-- Ids of leads that were forgotten: each daemon asks at its start, to clear its own disk, and at each
-- poll for the latest, by this clock.
create index if not exists pipeline_events_erased
  on public.pipeline_events (lead_id) where type = 'lead.erased';

create function public.planline_erased_ids(
  p_after text, p_limit integer, p_within_ms bigint default null
) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select coalesce(jsonb_agg(s.lead_id order by s.lead_id), '[]'::jsonb)
    from (select distinct e.lead_id
            from public.pipeline_events e
           where e.type = 'lead.erased' and e.lead_id > p_after
             and (p_within_ms is null
                  or e.recorded_at > now() - p_within_ms * interval '1 millisecond')
           order by e.lead_id
           limit p_limit) s
$$;

-- The daemon's key may now delete from the history, so a trigger sees to it that only an erasure does.
create function public.planline_keep_history() returns trigger
language plpgsql security invoker set search_path = ''
as $$
begin
  if tg_op = 'DELETE' and coalesce(current_setting('planline.writer', true), '') = 'erasure' then
    return old;
  end if;
  raise exception 'client_learning_pages_history keeps what pages were: % is refused. To have a person forgotten: planline forget <id of the lead>.',
    tg_op using errcode = 'PL006';
end
$$;
create trigger planline_history_kept before update or delete on public.client_learning_pages_history
  for each row execute function public.planline_keep_history();
create trigger planline_history_no_truncate before truncate on public.client_learning_pages_history
  for each statement execute function public.planline_keep_history();
grant delete on public.client_learning_pages_history to service_role;

-- As before, and refuses "erased" by hand: the word says that nothing is left, which only an erasure
-- sees to.
create or replace function public.planline_guard_lead() returns trigger
language plpgsql security invoker set search_path = ''
as $$
declare
  v_status text := new.status::text;
  v_changed boolean := tg_op = 'INSERT' or new.status is distinct from old.status;
begin
  -- planline's own functions announce themselves for the length of their statement.
  if coalesce(current_setting('planline.writer', true), '') = 'pipeline' then
    return new;
  end if;
  if v_changed and v_status in
     ('processing', 'plan_ready', 'html_ready', 'uploaded', 'archived', 'blocked') then
    raise exception
      'Status "%" is set by planline only. To start or resume this lead set its status to "flagged"; to take it out of the pipeline set a status of your own, such as "new".',
      v_status using errcode = 'PL005';
  end if;
  if v_changed and v_status = 'erased' then
    raise exception
      'Status "erased" is set by planline only, once everything that it holds of the person is gone. To have a person forgotten: planline forget <id of the lead>.'
      using errcode = 'PL005';
  end if;
  if tg_op = 'UPDATE' and (
       (new.claim_epoch, new.claimed_by, new.lease_expires_at)
         is distinct from (old.claim_epoch, old.claimed_by, old.lease_expires_at)
       or new.pipeline_progress is distinct from old.pipeline_progress) then
    raise exception
      'claimed_by, lease_expires_at, claim_epoch and pipeline_progress are set by planline only: they keep two daemons from working on one lead. To start this lead again set its status to "flagged".'
      using errcode = 'PL005';
  end if;
  if v_changed and v_status = 'flagged' then
    -- Its turn comes now, behind those that were flagged before it.
    new.next_attempt_at := clock_timestamp();
  end if;
  new.pipeline_updated_at := clock_timestamp();
  return new;
end
$$;

-- Empties planline's own text columns of a lead's row; one that this project made NOT NULL gets an
-- empty value instead. Columns of the project's own are its owner's to empty.
create function public.planline_erase_row(p_id public.junior_leads) returns void
language plpgsql security invoker set search_path = ''
as $$
declare
  v_texts text;
begin
  select string_agg(format('%I = %s', a.attname, case
           when not a.attnotnull then 'null'
           when a.atttypid in ('json'::regtype, 'jsonb'::regtype) then '''{}'''
           else '''''' end), ', ') into v_texts
    from pg_catalog.pg_attribute a
   where a.attrelid = 'public.junior_leads'::regclass and not a.attisdropped
     and a.attname in ('description', 'input_transform', 'plan', 'last_error');
  perform set_config('planline.writer', 'pipeline', true);
  execute format(
    'update public.junior_leads
        set %s, status = ''erased'', retry_count = 0, processing_started_at = null,
            processing_completed_at = null, claimed_by = null, lease_expires_at = null,
            pipeline_progress = null, pipeline_updated_at = clock_timestamp()
      where id = $1', v_texts)
    using p_id.id;
  perform set_config('planline.writer', '', true);
end
$$;

-- Removes every text of a lead, in one transaction with the event that says so; the same call may be
-- made again. What says where a zip lies stays (archive.json: a path and a sha256), so that whoever
-- made the zip can remove it. With p_keep_runs, runs that began after an erasure that the stream
-- tells of: these and the row stay, and no event is added (a database from an older backup).
create function public.planline_erase(
  p_lead_id text, p_actor text, p_keep_runs text[] default '{}'
) returns jsonb
language plpgsql security invoker set search_path = ''
as $$
declare
  v_id public.junior_leads.id%type := p_lead_id;
  v_client_id public.client_learning_pages.client_id%type := p_lead_id;
  -- As events and folders spell it.
  v_name constant text := v_id::text;
  v_lead public.junior_leads;
  v_found boolean;
  v_texts boolean := false;
  v_is_news boolean;
  v_runs bigint;
  v_artifacts bigint;
  v_pages bigint;
  v_versions bigint;
  v_told bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('planline_restore ' || v_name, 0));
  select * into v_lead from public.junior_leads where id = v_id for update;
  v_found := found;
  if v_found and v_lead.claimed_by is not null and v_lead.lease_expires_at > clock_timestamp() then
    raise exception 'Lead % is being worked on by % until %: an answer that is under way would come after the erasure. Withdraw it first (a status of your own, such as "new"), and repeat this once that daemon has let go of it. Nothing was erased.',
      v_name, v_lead.claimed_by, public.planline_utc(v_lead.lease_expires_at)
      using errcode = 'PL001';
  end if;
  if not v_found
     and not exists (select 1 from public.pipeline_events e where e.lead_id = v_name)
     and not exists (select 1 from public.pipeline_artifacts a where a.lead_id = v_name)
     and not exists (select 1 from public.client_learning_pages c where c.client_id = v_client_id)
     and not exists (select 1 from public.client_learning_pages_history h where h.client_id = v_name)
  then
    raise exception 'The database knows no lead %. Nothing was erased.', v_name
      using errcode = 'PL003';
  end if;

  if v_found and cardinality(p_keep_runs) = 0 then
    v_texts := v_lead.status is distinct from 'erased' or exists (
      select 1 from jsonb_each_text(to_jsonb(v_lead)) t
       where t.key in ('description', 'input_transform', 'plan', 'last_error')
         and coalesce(t.value, '') not in ('', '{}'));
    perform public.planline_erase_row(v_lead);
  end if;

  delete from public.client_learning_pages c
   where c.client_id = v_client_id and not coalesce(c.run_id = any (p_keep_runs), false);
  get diagnostics v_pages = row_count;
  -- The trigger of the table has just put those pages there as well.
  perform set_config('planline.writer', 'erasure', true);
  delete from public.client_learning_pages_history h
   where h.client_id = v_name and not coalesce(h.old_row ->> 'run_id' = any (p_keep_runs), false);
  get diagnostics v_versions = row_count;
  perform set_config('planline.writer', '', true);

  delete from public.pipeline_artifacts a
   where a.lead_id = v_name and a.path <> 'archive.json' and not (a.run_id = any (p_keep_runs));
  get diagnostics v_artifacts = row_count;

  delete from public.pipeline_notifications n
   where n.lead_id = v_name and not coalesce(n.payload ->> 'runId' = any (p_keep_runs), false);
  get diagnostics v_told = row_count;
  -- A daily summary tells of many leads: only the words about this one go.
  update public.pipeline_notifications n
     set payload = jsonb_set(n.payload, '{summary,blockedLeads}', (
           select jsonb_agg(case when b.value ->> 'id' = v_name
                                 then b.value || '{"lastError": null}' else b.value end
                            order by b.ordinality)
             from jsonb_array_elements(n.payload #> '{summary,blockedLeads}')
                  with ordinality as b (value, ordinality)))
   where n.lead_id is null
     and n.payload #> '{summary,blockedLeads}' @> jsonb_build_array(jsonb_build_object('id', v_name));

  select count(*) into v_runs from public.pipeline_events e
   where e.lead_id = v_name and e.type = 'run.started' and not (e.run_id = any (p_keep_runs))
     and e.seq > coalesce((
       select max(x.seq) from public.pipeline_events x
        where x.lead_id = v_name and x.type = 'lead.erased'), 0);
  -- Said once, and again only when something had come back.
  v_is_news := cardinality(p_keep_runs) = 0 and (
    v_texts or v_artifacts + v_pages + v_versions + v_told > 0
    or not exists (
      select 1 from public.pipeline_events e
       where e.lead_id = v_name and e.type = 'lead.erased'
         and not exists (
           select 1 from public.pipeline_events x
            where x.lead_id = v_name and x.seq > e.seq
              and x.type in ('lead.flagged', 'lead.edited', 'run.started'))));
  if v_is_news then
    perform public.planline_record(v_name, jsonb_build_object(
      'type', 'lead.erased', 'actor', p_actor, 'status_to', 'erased',
      'data', jsonb_build_object(
        'runs', v_runs, 'artifacts', v_artifacts, 'pages', v_pages, 'page_versions', v_versions,
        'notifications', v_told)), v_lead.status::text);
  end if;

  return jsonb_build_object(
    'lead_id', v_name, 'recorded', v_is_news, 'runs', v_runs, 'artifacts', v_artifacts,
    'pages', v_pages, 'page_versions', v_versions, 'notifications', v_told,
    'own_columns', (
      select coalesce(jsonb_agg(c.key order by c.key), '[]'::jsonb)
        from jsonb_each(to_jsonb(v_lead)) c
       where c.value <> 'null'::jsonb
         and c.key not in (
           'id', 'status', 'created_at', 'description', 'input_transform', 'plan',
           'processing_started_at', 'processing_completed_at', 'last_error', 'retry_count',
           'claimed_by', 'lease_expires_at', 'claim_epoch', 'next_attempt_at', 'pipeline_progress',
           'pipeline_updated_at')));
end
$$;

-- Takes the texts of an archived run out of the database, whose zip the caller has just checked:
-- p_sums are the sha256 of the files in it. What the zip lacks stays, and so does archive.json. Never
-- of the newest run, or of the one whose pages are up.
create function public.planline_prune(
  p_lead_id text, p_run_id text, p_actor text, p_zip_sha256 text, p_sums text[]
) returns jsonb
language plpgsql security invoker set search_path = ''
as $$
declare
  v_id public.junior_leads.id%type := p_lead_id;
  v_status text;
  v_artifacts bigint;
  v_bytes bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('planline_restore ' || p_lead_id, 0));
  select l.status into v_status from public.junior_leads l where l.id = v_id for update;
  if not exists (
       select 1 from public.pipeline_events e
        where e.lead_id = p_lead_id and e.run_id = p_run_id and e.type = 'step.completed'
          and e.status_to = 'archived') then
    raise exception 'Run % of lead % is not archived. Nothing was removed.', p_run_id, p_lead_id
      using errcode = 'PL005';
  end if;
  if p_run_id = (
       select e.run_id from public.pipeline_events e
        where e.lead_id = p_lead_id and e.type = 'run.started' order by e.seq desc limit 1)
     or p_run_id = (
       select e.run_id from public.pipeline_events e
        where e.lead_id = p_lead_id and e.type = 'step.completed' and e.data ->> 'step' = 'upload'
        order by e.seq desc limit 1) then
    raise exception 'Run % is the newest of lead %, or its pages are up. Nothing was removed.',
      p_run_id, p_lead_id using errcode = 'PL005';
  end if;

  with gone as (
    delete from public.pipeline_artifacts a
     where a.lead_id = p_lead_id and a.run_id = p_run_id and a.path <> 'archive.json'
       and a.sha256 = any (p_sums)
     returning a.bytes)
  select count(*), coalesce(sum(gone.bytes), 0) into v_artifacts, v_bytes from gone;
  if not exists (
       select 1 from public.pipeline_events e
        where e.lead_id = p_lead_id and e.run_id = p_run_id and e.type = 'run.pruned') then
    perform public.planline_record(p_lead_id, jsonb_build_object(
      'run_id', p_run_id, 'type', 'run.pruned', 'actor', p_actor,
      'data', jsonb_build_object(
        'zip_sha256', p_zip_sha256, 'artifacts', v_artifacts, 'bytes', v_bytes)), v_status);
  end if;
  return jsonb_build_object('artifacts', v_artifacts, 'bytes', v_bytes);
end
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
