-- planline: what the dashboard reads and does. PL007: the lead is not any more what the operator saw.

-- The words by which a lead is found: of its id, the name in its profile, its last error; without
-- accents and case. Said once for the index and for those who look into it, as text: an index on a
-- function of ours would ask everybody who writes leads for rights on it. Words are cut at what an
-- index entry can hold, or a long one would make the row impossible to write.
create function public.planline_lead_words() returns text
language sql immutable parallel safe set search_path = ''
as $$
  select $expression$array_to_tsvector(array_remove(string_to_array(regexp_replace(regexp_replace(
    lower(regexp_replace(normalize(
      left(id::text, 100) || ' ' || left(coalesce(input_transform ->> 'name', ''), 200) || ' '
      || left(coalesce(last_error, '')::text, 500), NFKD), '[\u0300-\u036f]', '', 'g')),
    '[\u0001-\u002f\u003a-\u0060\u007b-\u007f]+', ' ', 'g'),
    '([^ ]{64})[^ ]+', '\1', 'g'), ' '), ''))$expression$::text
$$;

-- A search as it stands in the box: every word must be there, or the beginning of one.
create function public.planline_lead_query(p_text text) returns tsquery
language sql immutable parallel safe set search_path = ''
as $$
  select string_agg(quote_literal(left(word, 64)) || ':*', ' & ')::tsquery
    from unnest(string_to_array(regexp_replace(
           lower(regexp_replace(normalize(left(p_text, 200), NFKD), '[\u0300-\u036f]', '', 'g')),
           '[\u0001-\u002f\u003a-\u0060\u007b-\u007f]+', ' ', 'g'), ' ')) as word
   where word <> ''
$$;

do $$
begin
  execute format(
    'create index junior_leads_planline_search on public.junior_leads using gin ((%s))',
    public.planline_lead_words());
end
$$;

-- One for each order of the list, with the id to tell rows of the same instant apart.
create index junior_leads_planline_changed on public.junior_leads
  ((coalesce(pipeline_updated_at, '-infinity'::timestamptz)), id);
create index junior_leads_planline_started on public.junior_leads
  ((coalesce(processing_started_at, '-infinity'::timestamptz)), id);
create index junior_leads_planline_status on public.junior_leads
  (status, (coalesce(pipeline_updated_at, '-infinity'::timestamptz)), id);
create index junior_leads_planline_leases on public.junior_leads (claimed_by, id)
  where claimed_by is not null;

-- A page of the list, as SQL: conditions that are not asked for are not there, so that each
-- combination gets a plan of its own. p_status '' stands for rows without one; p_after_key and
-- p_after_id are those of the last row seen, null for the first page.
create function public.planline_leads_sql(
  p_text text, p_status text, p_sort text, p_is_descending boolean, p_after_key text,
  p_after_id text, p_limit integer
) returns text
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_key text := format('coalesce(l.%I, %L::timestamptz)',
    case p_sort when 'started' then 'processing_started_at' else 'pipeline_updated_at' end,
    '-infinity');
  v_query tsquery := public.planline_lead_query(p_text);
  v_where text := '';
begin
  if v_query is not null then
    v_where := v_where || format(' and %s @@ %L::tsquery', public.planline_lead_words(), v_query);
  end if;
  if p_status is not null then
    v_where := v_where || case p_status when '' then ' and l.status is null'
                          else format(' and l.status = %L', p_status) end;
  end if;
  if p_after_key is not null then
    v_where := v_where || format(' and (%s, l.id) %s (%L::timestamptz, %L)', v_key,
      case when p_is_descending then '<' else '>' end, p_after_key, p_after_id);
  end if;
  return format(
    'select l.id, l.status, l.input_transform ->> ''name'' as name, l.last_error, l.retry_count,
            l.claimed_by, l.lease_expires_at, l.next_attempt_at, l.processing_started_at,
            l.processing_completed_at, l.pipeline_progress, l.pipeline_updated_at, %s as sort_key
       from public.junior_leads l where true%s order by %s %s, l.id %s limit %s',
    v_key, v_where, v_key, case when p_is_descending then 'desc' else 'asc' end,
    case when p_is_descending then 'desc' else 'asc' end, p_limit);
end
$$;

create function public.planline_leads(
  p_text text, p_status text, p_sort text, p_is_descending boolean, p_after_key text,
  p_after_id text, p_limit integer
) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_rows jsonb;
begin
  execute format('select coalesce(jsonb_agg(to_jsonb(r)), %L::jsonb) from (%s) r', '[]',
    public.planline_leads_sql(p_text, p_status, p_sort, p_is_descending, p_after_key, p_after_id,
      p_limit)) into v_rows;
  return v_rows;
end
$$;

-- How many leads have each status, among those that the search finds.
create function public.planline_lead_counts(p_text text) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_query tsquery := public.planline_lead_query(p_text);
  v_rows jsonb;
begin
  execute format(
    'select coalesce(jsonb_agg(to_jsonb(r) order by r.leads desc), %L::jsonb)
       from (select l.status, count(*) as leads from public.junior_leads l where true%s
              group by l.status) r', '[]',
    case when v_query is null then ''
         else format(' and %s @@ %L::tsquery', public.planline_lead_words(), v_query) end)
    into v_rows;
  return v_rows;
end
$$;

-- Differs whenever a lead has changed, by whomever.
create function public.planline_change_mark() returns text
language sql stable security invoker set search_path = ''
as $$
  select coalesce((select max(position) from public.pipeline_events), 0) || '/' ||
         coalesce((select extract(epoch from max(coalesce(pipeline_updated_at, '-infinity'::timestamptz)))
                     from public.junior_leads), 0)
$$;

-- Who works on what, and what waits for its turn.
create function public.planline_overview() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'now', public.planline_utc(clock_timestamp()),
    'leases', (
      select coalesce(jsonb_agg(to_jsonb(l)), '[]'::jsonb)
        from (select j.id as lead_id, j.status, j.claimed_by, j.claim_epoch, j.lease_expires_at,
                     j.pipeline_progress ->> 'step' as step
                from public.junior_leads j
               where j.claimed_by is not null
               order by j.claimed_by, j.id
               limit 200) l),
    'queue', (
      select jsonb_build_object(
        'due', count(*) filter (where q.claimed_by is null and q.next_attempt_at <= clock_timestamp()),
        'later', count(*) filter (where q.claimed_by is null and q.next_attempt_at > clock_timestamp()),
        'held', count(*) filter (where q.claimed_by is not null),
        'next_at', min(q.next_attempt_at) filter (where q.claimed_by is null))
        from public.junior_leads q
       where q.status in ('flagged', 'processing', 'plan_ready', 'html_ready', 'uploaded')
         and (q.status = 'flagged' or q.claim_epoch > 0)),
    'untold', (
      select count(*) from public.pipeline_notifications where state in ('pending', 'trying')))
$$;

-- An operator's action: from one of the statuses that they saw, recorded with who did it.
create function public.planline_move(p_lead_id text, p_from text[], p_to text, p_actor text)
returns text
language plpgsql security invoker set search_path = ''
as $$
declare
  v_id public.junior_leads.id%type := p_lead_id;
  v_status text;
begin
  select status::text into v_status from public.junior_leads where id = v_id for update;
  if not found then
    raise exception 'Lead % is not in junior_leads any more: nothing was changed.', p_lead_id
      using errcode = 'PL003';
  end if;
  if not (coalesce(v_status, '') = any (p_from)) then
    raise exception 'Lead % moved meanwhile: it is %, so nothing was changed. Look at it again.',
      p_lead_id, coalesce('"' || v_status || '" now', 'without a status now') using errcode = 'PL007';
  end if;
  perform set_config('planline.actor', p_actor, true);
  update public.junior_leads set status = p_to where id = v_id returning status::text into v_status;
  perform set_config('planline.actor', '', true);
  return v_status;
end
$$;

-- As before, and with the actor that planline_move tells.
create or replace function public.planline_record_hand_edit() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_lifecycle constant text[] := array['flagged', 'processing', 'plan_ready', 'html_ready',
    'uploaded', 'archived', 'blocked'];
  v_actor text := coalesce(
    nullif(current_setting('planline.actor', true), ''),
    'hand:' || coalesce(nullif(current_setting('role', true), 'none'), session_user::text));
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

do $$
declare
  v_function text;
begin
  foreach v_function in array array[
    'planline_lead_words()', 'planline_lead_query(text)',
    'planline_leads_sql(text, text, text, boolean, text, text, integer)',
    'planline_leads(text, text, text, boolean, text, text, integer)',
    'planline_lead_counts(text)', 'planline_change_mark()', 'planline_overview()',
    'planline_move(text, text[], text, text)']
  loop
    execute format('revoke all on function public.%s from public, anon, authenticated', v_function);
    execute format('grant execute on function public.%s to service_role', v_function);
  end loop;
end
$$;

notify pgrst, 'reload schema';
