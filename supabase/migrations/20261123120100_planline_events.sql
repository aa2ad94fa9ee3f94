-- planline: the append-only event stream, its hash chain, and hand edits as events.

create function public.planline_utc(p_at timestamptz) returns text
language sql immutable parallel safe set search_path = ''
as $$ select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

create function public.planline_sha256(p_text text) returns text
language sql immutable parallel safe set search_path = ''
as $$ select encode(sha256(convert_to(p_text, 'UTF8')), 'hex') $$;

-- Must print what src/core/hash-chain.ts prints: the same list in the same order.
create function public.planline_event_hash(
  p_prev_hash text, p_event_id uuid, p_lead_id text, p_seq bigint, p_run_id text, p_type text,
  p_v integer, p_data jsonb, p_status_from text, p_status_to text, p_actor text,
  p_occurred_at timestamptz, p_recorded_at timestamptz
) returns text
language sql immutable parallel safe set search_path = ''
as $$
  select public.planline_sha256(jsonb_build_array(
    p_prev_hash, p_event_id, p_lead_id, p_seq, p_run_id, p_type, p_v, p_data, p_status_from,
    p_status_to, p_actor, public.planline_utc(p_occurred_at), public.planline_utc(p_recorded_at)
  )::text)
$$;

-- Appends one event to a lead's stream. The caller holds the lock of the lead's row, which makes the
-- seq gap-free; (lead_id, seq) is unique besides. p_event: event_id, run_id, type, v, data,
-- status_to, actor, occurred_at.
create function public.planline_record(p_lead_id text, p_event jsonb, p_status_from text)
returns public.pipeline_events
language plpgsql security invoker set search_path = ''
as $$
declare
  v_last public.pipeline_events;
  v_new public.pipeline_events;
begin
  select * into v_last from public.pipeline_events
   where lead_id = p_lead_id order by seq desc limit 1;

  v_new.event_id := coalesce((p_event ->> 'event_id')::uuid, gen_random_uuid());
  v_new.lead_id := p_lead_id;
  v_new.seq := coalesce(v_last.seq, 0) + 1;
  v_new.run_id := p_event ->> 'run_id';
  v_new.type := p_event ->> 'type';
  v_new.v := coalesce((p_event ->> 'v')::integer, 1);
  v_new.data := coalesce(p_event -> 'data', '{}'::jsonb);
  v_new.status_from := p_status_from;
  v_new.status_to := p_event ->> 'status_to';
  v_new.actor := p_event ->> 'actor';
  -- Milliseconds, as JavaScript keeps time: what is hashed must survive the way there and back.
  v_new.recorded_at := date_trunc('milliseconds', clock_timestamp());
  v_new.occurred_at := date_trunc(
    'milliseconds', coalesce((p_event ->> 'occurred_at')::timestamptz, v_new.recorded_at));
  v_new.prev_hash := coalesce(v_last.hash, repeat('0', 64));
  v_new.hash := public.planline_event_hash(
    v_new.prev_hash, v_new.event_id, v_new.lead_id, v_new.seq, v_new.run_id, v_new.type, v_new.v,
    v_new.data, v_new.status_from, v_new.status_to, v_new.actor, v_new.occurred_at,
    v_new.recorded_at);

  insert into public.pipeline_events (
    event_id, lead_id, seq, run_id, type, v, data, status_from, status_to, actor, occurred_at,
    recorded_at, prev_hash, hash)
  values (
    v_new.event_id, v_new.lead_id, v_new.seq, v_new.run_id, v_new.type, v_new.v, v_new.data,
    v_new.status_from, v_new.status_to, v_new.actor, v_new.occurred_at, v_new.recorded_at,
    v_new.prev_hash, v_new.hash)
  returning * into v_new;
  return v_new;
end
$$;

create function public.planline_refuse_change() returns trigger
language plpgsql security invoker set search_path = ''
as $$
begin
  raise exception '% is append-only: % is refused. What happened stays on record; to undo its effect, set the status of the lead to flagged.',
    tg_table_name, tg_op using errcode = 'PL006';
end
$$;
create trigger planline_append_only before update or delete on public.pipeline_events
  for each row execute function public.planline_refuse_change();
create trigger planline_no_truncate before truncate on public.pipeline_events
  for each statement execute function public.planline_refuse_change();

-- Runs with the rights of whoever writes, so it calls nothing: an app of the project that may write
-- leads as `authenticated` has no rights on planline's functions.
create function public.planline_guard_lead() returns trigger
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
create trigger planline_guard before insert or update on public.junior_leads
  for each row execute function public.planline_guard_lead();

create function public.planline_description_facts(p_description text) returns jsonb
language sql immutable parallel safe set search_path = ''
as $$
  select jsonb_build_object(
    'description_sha256', public.planline_sha256(p_description),
    'description_chars', coalesce(char_length(p_description), 0))
$$;

-- Definer, unlike all else here: a project's own app may write leads as `authenticated` under its own
-- policies, and must not need rights on pipeline_events for that. Not callable but as a trigger.
create function public.planline_record_hand_edit() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_lifecycle constant text[] := array['flagged', 'processing', 'plan_ready', 'html_ready',
    'uploaded', 'archived', 'blocked'];
  v_actor text := 'hand:' || coalesce(
    nullif(current_setting('role', true), 'none'), session_user::text);
  v_columns text[];
  v_from text;
  v_to text;
begin
  if coalesce(current_setting('planline.writer', true), '') = 'pipeline' then
    return null;
  end if;

  if tg_op = 'DELETE' then
    if exists (select 1 from public.pipeline_events where lead_id = old.id::text) then
      perform public.planline_record(old.id::text, jsonb_build_object(
        'type', 'lead.deleted', 'actor', v_actor, 'data', '{}'::jsonb), old.status::text);
    end if;
    return null;
  end if;

  v_to := new.status::text;
  if tg_op = 'UPDATE' then
    v_from := old.status::text;
    v_columns := array_remove(array[
      case when new.description is distinct from old.description then 'description' end,
      case when new.input_transform is distinct from old.input_transform then 'input_transform' end,
      case when new.plan is distinct from old.plan then 'plan' end,
      case when new.last_error is distinct from old.last_error then 'last_error' end,
      case when new.retry_count is distinct from old.retry_count then 'retry_count' end], null);
    if cardinality(v_columns) > 0 and v_from = any (v_lifecycle) then
      perform public.planline_record(new.id::text, jsonb_build_object(
        'type', 'lead.edited', 'actor', v_actor,
        'data', public.planline_description_facts(new.description::text)
                || jsonb_build_object('columns', to_jsonb(v_columns))), v_from);
    end if;
  end if;

  if v_to is not distinct from v_from then
    return null;
  end if;
  if v_to = 'flagged' then
    perform public.planline_record(new.id::text, jsonb_build_object(
      'type', 'lead.flagged', 'actor', v_actor, 'status_to', 'flagged',
      'data', public.planline_description_facts(new.description::text)), v_from);
  elsif v_from = any (v_lifecycle) then
    perform public.planline_record(new.id::text, jsonb_build_object(
      'type', 'lead.withdrawn', 'actor', v_actor, 'status_to', v_to, 'data', '{}'::jsonb), v_from);
  end if;
  return null;
end
$$;
create trigger planline_hand_edit after insert or update or delete on public.junior_leads
  for each row execute function public.planline_record_hand_edit();

-- Definer for the same reason: whoever may change a page, its old version is kept.
create function public.planline_keep_page() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.client_learning_pages_history (client_id, page_index, operation, old_row)
  values (old.client_id::text, old.page_index, tg_op, to_jsonb(old));
  return null;
end
$$;
create trigger planline_keep_page after update or delete on public.client_learning_pages
  for each row execute function public.planline_keep_page();
