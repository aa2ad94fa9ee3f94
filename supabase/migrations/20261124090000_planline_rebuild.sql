-- planline: what `verify` and `rebuild` call: streams as a whole, and what is known of artifacts.

-- Ids of all streams after p_after, also of leads whose row is gone. An array, as a project may limit
-- the rows of an answer.
create function public.planline_stream_ids(p_after text, p_limit integer) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select coalesce(jsonb_agg(s.lead_id order by s.lead_id), '[]'::jsonb)
    from (select distinct e.lead_id
            from public.pipeline_events e
           where e.lead_id > p_after
           order by e.lead_id
           limit p_limit) s
$$;

-- Each artifact with the hash that its content has now: the content itself stays here.
create function public.planline_artifact_sums(p_lead_id text) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
           'run_id', a.run_id, 'path', a.path, 'sha256', a.sha256, 'bytes', a.bytes,
           'found_sha256', public.planline_sha256(a.content),
           'found_bytes', octet_length(convert_to(a.content, 'UTF8')))
           order by a.run_id, a.path, a.sha256), '[]'::jsonb)
    from public.pipeline_artifacts a
   where a.lead_id = p_lead_id
$$;

-- Stores artifacts that are missing, and replaces content that does not fit its sha256: the caller
-- has kept that in a file. p_artifacts: path, sha256, content.
create function public.planline_put_artifacts(p_lead_id text, p_run_id text, p_artifacts jsonb)
returns void
language plpgsql security invoker set search_path = ''
as $$
declare
  v_artifact jsonb;
begin
  for v_artifact in select x from jsonb_array_elements(p_artifacts) x loop
    if public.planline_sha256(v_artifact ->> 'content') is distinct from v_artifact ->> 'sha256' then
      raise exception 'Artifact % of lead % does not fit its sha256. Nothing was written.',
        v_artifact ->> 'path', p_lead_id using errcode = 'PL004';
    end if;
    delete from public.pipeline_artifacts a
     where a.lead_id = p_lead_id and a.run_id = p_run_id and a.path = v_artifact ->> 'path'
       and a.sha256 = v_artifact ->> 'sha256' and public.planline_sha256(a.content) <> a.sha256;
    insert into public.pipeline_artifacts (lead_id, run_id, path, sha256, bytes, content)
    values (p_lead_id, p_run_id, v_artifact ->> 'path', v_artifact ->> 'sha256',
            octet_length(convert_to(v_artifact ->> 'content', 'UTF8')), v_artifact ->> 'content')
    on conflict do nothing;
  end loop;
end
$$;

-- The columns of junior_leads that p_row names, in the type that they have in this project; an id
-- given by hand must not come again from the sequence behind it.
create function public.planline_insert_lead(p_row jsonb) returns void
language plpgsql security invoker set search_path = ''
as $$
declare
  v_columns text;
  v_sequence text := pg_get_serial_sequence('public.junior_leads', 'id');
begin
  select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into v_columns
    from pg_catalog.pg_attribute a
   where a.attrelid = 'public.junior_leads'::regclass and a.attnum > 0 and not a.attisdropped
     and a.attgenerated = '' and p_row ? a.attname::text;
  execute format(
    'insert into public.junior_leads (%1$s) overriding system value
     select %1$s from jsonb_populate_record(null::public.junior_leads, $1)', v_columns)
    using p_row;
  if v_sequence is not null then
    perform setval(v_sequence::regclass, greatest(
      (p_row ->> 'id')::bigint, coalesce(pg_sequence_last_value(v_sequence::regclass), 1)));
  end if;
end
$$;

-- Brings a stream back verbatim. It must begin with everything that the database has of the lead,
-- with the same hashes: what is here is never changed or removed. p_row: the lead's row as it is to
-- be; planline's own columns only where there is one already. p_pages: page JSON, of run p_run_id.
-- One transaction; the same call may be made again.
create function public.planline_restore(
  p_lead_id text, p_events jsonb, p_row jsonb default null, p_run_id text default null,
  p_pages jsonb default null
) returns jsonb
language plpgsql security invoker set search_path = ''
as $$
declare
  v_id public.junior_leads.id%type := p_lead_id;
  v_lead public.junior_leads;
  v_fault bigint;
  v_added integer;
  v_told jsonb;
begin
  perform pg_advisory_xact_lock(hashtextextended('planline_restore ' || p_lead_id, 0));
  select * into v_lead from public.junior_leads where id = v_id for update;
  if found and v_lead.claimed_by is not null and v_lead.lease_expires_at > clock_timestamp() then
    raise exception 'Lead % is being worked on by % until %. Stop that daemon, or wait until then. Nothing was written.',
      p_lead_id, v_lead.claimed_by, public.planline_utc(v_lead.lease_expires_at)
      using errcode = 'PL001';
  end if;

  select min(e.place) into v_fault
    from (select r.*, row_number() over (order by r.seq) as place,
                 lag(r.hash, 1, repeat('0', 64)) over (order by r.seq) as before
            from jsonb_populate_recordset(null::public.pipeline_events, p_events) r) e
   where e.lead_id is distinct from p_lead_id
      or e.seq is distinct from e.place
      or e.prev_hash is distinct from e.before
      or e.hash is distinct from public.planline_event_hash(
           e.prev_hash, e.event_id, e.lead_id, e.seq, e.run_id, e.type, e.v, e.data, e.status_from,
           e.status_to, e.actor, e.occurred_at, e.recorded_at);
  if v_fault is not null then
    raise exception 'The hash chain of lead % does not hold at seq %. Nothing was written.',
      p_lead_id, v_fault using errcode = 'PL004';
  end if;

  select min(e.seq) into v_fault
    from public.pipeline_events e
   where e.lead_id = p_lead_id
     and not exists (
       select 1 from jsonb_populate_recordset(null::public.pipeline_events, p_events) r
        where r.seq = e.seq and r.hash = e.hash);
  if v_fault is not null then
    raise exception 'The database has event % of lead % otherwise than what is to be restored, or alone. Nothing was written.',
      v_fault, p_lead_id using errcode = 'PL002';
  end if;

  insert into public.pipeline_events (
    event_id, lead_id, seq, run_id, type, v, data, status_from, status_to, actor, occurred_at,
    recorded_at, prev_hash, hash)
  select r.event_id, r.lead_id, r.seq, r.run_id, r.type, r.v, r.data, r.status_from, r.status_to,
         r.actor, r.occurred_at, r.recorded_at, r.prev_hash, r.hash
    from jsonb_populate_recordset(null::public.pipeline_events, p_events) r
   where not exists (
     select 1 from public.pipeline_events e where e.lead_id = p_lead_id and e.seq = r.seq)
   order by r.seq;
  get diagnostics v_added = row_count;

  if p_row is not null then
    perform set_config('planline.writer', 'pipeline', true);
    if v_lead.id is null then
      perform public.planline_insert_lead(p_row);
    else
      update public.junior_leads l
         set status = p_row ->> 'status',
             input_transform = nullif(p_row -> 'input_transform', 'null'::jsonb),
             plan = p_row ->> 'plan',
             processing_started_at = (p_row ->> 'processing_started_at')::timestamptz,
             processing_completed_at = (p_row ->> 'processing_completed_at')::timestamptz,
             last_error = p_row ->> 'last_error',
             retry_count = (p_row ->> 'retry_count')::integer,
             claimed_by = null,
             lease_expires_at = null,
             claim_epoch = greatest(l.claim_epoch, (p_row ->> 'claim_epoch')::bigint),
             next_attempt_at = (p_row ->> 'next_attempt_at')::timestamptz,
             pipeline_progress = nullif(p_row -> 'pipeline_progress', 'null'::jsonb),
             pipeline_updated_at = clock_timestamp()
       where l.id = v_lead.id;
    end if;
    perform set_config('planline.writer', '', true);

    -- The description may have been edited after the last run took it: then the stream says so.
    select public.planline_description_facts(l.description::text), l.status into v_told, v_lead.status
      from public.junior_leads l where l.id = v_id;
    if v_lead.status in ('flagged', 'processing', 'plan_ready', 'html_ready', 'uploaded', 'archived',
                         'blocked')
       and v_told ->> 'description_sha256' is distinct from (
         select e.data ->> 'description_sha256' from public.pipeline_events e
          where e.lead_id = p_lead_id and e.type in ('lead.flagged', 'lead.edited')
          order by e.seq desc limit 1) then
      perform public.planline_record(p_lead_id, jsonb_build_object(
        'type', 'lead.edited', 'actor', 'rebuild',
        'data', v_told || '{"columns": ["description"]}'::jsonb), v_lead.status::text);
    end if;
  end if;

  if p_pages is not null then
    perform public.planline_put_pages(p_lead_id, p_run_id, p_pages);
  end if;

  return jsonb_build_object(
    'added', v_added,
    'left_out', (
      select coalesce(jsonb_agg(k.name order by k.name), '[]'::jsonb)
        from jsonb_object_keys(coalesce(p_row, '{}'::jsonb)) as k (name)
       where not exists (
         select 1 from pg_catalog.pg_attribute a
          where a.attrelid = 'public.junior_leads'::regclass and a.attnum > 0
            and not a.attisdropped and a.attname = k.name)));
end
$$;

do $$
declare
  v_function text;
  v_sequence text := pg_get_serial_sequence('public.junior_leads', 'id');
begin
  foreach v_function in array array[
    'planline_stream_ids(text, integer)', 'planline_artifact_sums(text)',
    'planline_put_artifacts(text, text, jsonb)', 'planline_insert_lead(jsonb)',
    'planline_restore(text, jsonb, jsonb, text, jsonb)']
  loop
    execute format('revoke all on function public.%s from public, anon, authenticated', v_function);
    execute format('grant execute on function public.%s to service_role', v_function);
  end loop;
  if v_sequence is not null then
    execute format('grant usage, select, update on sequence %s to service_role', v_sequence);
  end if;
end
$$;

notify pgrst, 'reload schema';
