-- planline: tables. Additive: safe on a project that already has junior_leads and
-- client_learning_pages with rows, other columns, and ids of type uuid or bigint.

create table if not exists public.junior_leads (
  id uuid primary key default gen_random_uuid(),
  status text not null default 'new',
  description text,
  created_at timestamptz not null default now()
);

do $$
declare
  v_id_type text;
  v_status_type text;
begin
  select format_type(a.atttypid, null) into v_id_type
    from pg_attribute a
   where a.attrelid = 'public.junior_leads'::regclass and a.attname = 'id' and not a.attisdropped;
  if v_id_type is null or v_id_type not in ('uuid', 'bigint', 'integer', 'text') then
    raise exception 'planline needs junior_leads.id of type uuid or bigint, found %.',
      coalesce(v_id_type, 'no column id');
  end if;
  -- Two rows of one id would be one lead; and a table without a key takes no update any more once its
  -- changes are published to Realtime.
  if not exists (
    select 1 from pg_index i
     where i.indrelid = 'public.junior_leads'::regclass and i.indisprimary
  ) then
    raise exception
      'planline needs a primary key of junior_leads. Add it first: alter table public.junior_leads add primary key (id); Nothing was changed.';
  end if;
  if not exists (
    select 1 from pg_index i
     where i.indrelid = 'public.junior_leads'::regclass and i.indisunique and i.indpred is null
       and i.indnkeyatts = 1
       and (select a.attname from pg_attribute a
             where a.attrelid = i.indrelid and a.attnum = i.indkey[0]) = 'id'
  ) then
    raise exception
      'planline needs junior_leads.id to be unique. Make it so first: create unique index on public.junior_leads (id); Nothing was changed.';
  end if;

  alter table public.junior_leads add column if not exists status text;
  select format_type(a.atttypid, null) into v_status_type
    from pg_attribute a
   where a.attrelid = 'public.junior_leads'::regclass and a.attname = 'status' and not a.attisdropped;
  if v_status_type not in ('text', 'character varying') then
    raise exception
      'planline needs junior_leads.status of type text, found %. Change it first: alter table public.junior_leads alter column status type text using status::text;',
      v_status_type;
  end if;

  -- The learner's key has the type of the lead's id, whatever that is in this project.
  execute format(
    'create table if not exists public.client_learning_pages (
       id bigint generated always as identity primary key,
       client_id %s not null
     )', v_id_type);
  if not exists (
    select 1 from pg_attribute
     where attrelid = 'public.client_learning_pages'::regclass and attname = 'client_id'
       and not attisdropped
  ) then
    raise exception
      'client_learning_pages has no column client_id for the id of the lead. Add it, or rename the column that holds it. Nothing was changed.';
  end if;
end
$$;

alter table public.junior_leads
  add column if not exists description text,
  add column if not exists input_transform jsonb,
  add column if not exists plan text,
  add column if not exists processing_started_at timestamptz,
  add column if not exists processing_completed_at timestamptz,
  add column if not exists last_error text,
  add column if not exists retry_count integer not null default 0,
  add column if not exists claimed_by text,
  add column if not exists lease_expires_at timestamptz,
  add column if not exists claim_epoch bigint not null default 0,
  add column if not exists next_attempt_at timestamptz not null default now(),
  add column if not exists pipeline_progress jsonb,
  add column if not exists pipeline_updated_at timestamptz;


-- Columns that were there before must be what planline writes: better told here than after a run.
do $$
declare
  v_wrong text;
begin
  select string_agg(format('%s.%s is %s, %s is needed', c.relation, c.name, c.found, c.wanted), '; ')
    into v_wrong
    from (
      select w.relation, w.name, w.wanted, format_type(a.atttypid, null) as found
        from (values
          ('junior_leads', 'input_transform', 'jsonb'),
          ('junior_leads', 'plan', 'text'),
          ('junior_leads', 'processing_started_at', 'timestamp with time zone'),
          ('junior_leads', 'processing_completed_at', 'timestamp with time zone'),
          ('junior_leads', 'last_error', 'text'),
          ('junior_leads', 'retry_count', 'integer'),
          ('junior_leads', 'claimed_by', 'text'),
          ('junior_leads', 'lease_expires_at', 'timestamp with time zone'),
          ('junior_leads', 'claim_epoch', 'bigint'),
          ('junior_leads', 'next_attempt_at', 'timestamp with time zone'),
          ('client_learning_pages', 'page_index', 'integer'),
          ('client_learning_pages', 'title', 'text'),
          ('client_learning_pages', 'content', 'jsonb'),
          ('client_learning_pages', 'run_id', 'text'),
          ('client_learning_pages', 'updated_at', 'timestamp with time zone')
        ) as w (relation, name, wanted)
        join pg_attribute a on a.attrelid = ('public.' || w.relation)::regclass
                           and a.attname = w.name and not a.attisdropped
    ) c
   where c.found <> c.wanted
     and not (c.wanted = 'text' and c.found = 'character varying')
     and not (c.wanted = 'integer' and c.found in ('smallint', 'bigint'))
     and not (c.wanted = 'bigint' and c.found = 'integer');
  if v_wrong is not null then
    raise exception
      'planline needs these columns of yours to be of another type, or to have another name: %. Nothing was changed.',
      v_wrong;
  end if;

  select string_agg(a.attname, ', ') into v_wrong
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = 'public.client_learning_pages'::regclass and a.attnum > 0 and not a.attisdropped
     and a.attnotnull and d.adbin is null and a.attidentity = '' and a.attgenerated = ''
     and a.attname not in ('client_id', 'page_index', 'title', 'content', 'run_id', 'updated_at');
  if v_wrong is not null then
    raise exception
      'planline cannot add pages: these columns of client_learning_pages are NOT NULL without a default: %. Give them a default. Nothing was changed.',
      v_wrong;
  end if;

  select string_agg(conname, ', ') into v_wrong
    from pg_constraint
   where conrelid = 'public.junior_leads'::regclass and contype = 'c'
     and pg_get_constraintdef(oid) ~* '\mstatus\M'
     and exists (
       select 1 from unnest(array['flagged', 'processing', 'plan_ready', 'html_ready', 'uploaded',
                                  'archived', 'blocked']) as word
        where pg_get_constraintdef(pg_constraint.oid) !~ ('\m' || word || '\M'));
  if v_wrong is not null then
    raise exception
      'A check on junior_leads.status does not allow planline''s own values: %. Allow flagged, processing, plan_ready, html_ready, uploaded, archived and blocked in it, or drop it. Nothing was changed.',
      v_wrong;
  end if;
end
$$;

-- What Studio shows under each field; a project's own comment stays.
do $$
declare
  v_comment record;
begin
  for v_comment in
    select * from (values
      ('status', 'Set it to flagged to start or resume planline. processing, plan_ready, html_ready, uploaded, archived and blocked are set by planline only; any other value is yours and stops a run.'),
      ('description', 'What the client told you, in their own language. Changing it and flagging again starts a new run.'),
      ('last_error', 'Why planline stopped. Mend the cause, then set status to flagged: the run resumes where it stopped.'),
      ('retry_count', 'Failed attempts of the current step.'),
      ('claimed_by', 'The daemon that holds this lead. Set by planline.'),
      ('claim_epoch', 'Fencing token, grows with each claim. Set by planline.'),
      ('next_attempt_at', 'planline does not take this lead before then.'),
      ('pipeline_progress', 'Where the run stands: run_id, step, prompts_done, prompts_total. Set by planline.')
    ) as c (name, text)
     where col_description(
       'public.junior_leads'::regclass,
       (select a.attnum from pg_attribute a
         where a.attrelid = 'public.junior_leads'::regclass and a.attname = c.name)) is null
  loop
    execute format('comment on column public.junior_leads.%I is %L', v_comment.name, v_comment.text);
  end loop;
end
$$;

-- What claim reads: the queue in order of its due time, however many leads are at rest.
create index if not exists junior_leads_planline_queue
  on public.junior_leads (next_attempt_at, id)
  where status in ('flagged', 'processing', 'plan_ready', 'html_ready', 'uploaded');

do $$
begin
  if not exists (
    select 1 from pg_attribute
     where attrelid = 'public.client_learning_pages'::regclass and attname = 'page_index'
       and not attisdropped
  ) then
    alter table public.client_learning_pages add column page_index integer;
    -- Pages that were there before get numbers in the order in which they were stored. The column
    -- stays nullable: the project's own app knows nothing of it and goes on adding pages.
    update public.client_learning_pages p
       set page_index = n.page_index
      from (select ctid as row_id,
                   row_number() over (partition by client_id order by ctid) as page_index
              from public.client_learning_pages) n
     where p.ctid = n.row_id;
  end if;
end
$$;

alter table public.client_learning_pages
  add column if not exists title text,
  add column if not exists content jsonb,
  add column if not exists run_id text,
  add column if not exists updated_at timestamptz not null default now();

do $$
begin
  if not exists (
    select 1 from pg_index i
     where i.indrelid = 'public.client_learning_pages'::regclass and i.indisunique and i.indpred is null
       and (select array_agg(a.attname::text order by a.attname) from pg_attribute a
             where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[]))
           = array['client_id', 'page_index']
  ) then
    if exists (
      select 1 from public.client_learning_pages group by client_id, page_index having count(*) > 1
    ) then
      raise exception
        'client_learning_pages holds several rows with the same client_id and page_index. Number the pages of each client 1, 2, 3 … in page_index, then run the migration again.';
    end if;
    create unique index client_learning_pages_client_page
      on public.client_learning_pages (client_id, page_index);
  end if;
end
$$;

create table public.client_learning_pages_history (
  history_id bigint generated always as identity primary key,
  client_id text,
  page_index integer,
  operation text not null check (operation in ('UPDATE', 'DELETE')),
  old_row jsonb not null,
  recorded_at timestamptz not null default now()
);
comment on table public.client_learning_pages_history is
  'Every version of a page before it was overwritten or deleted, kept by a trigger.';
create index client_learning_pages_history_page
  on public.client_learning_pages_history (client_id, page_index, history_id);

create table public.pipeline_events (
  position bigint generated always as identity primary key,
  event_id uuid not null unique,
  lead_id text not null,
  seq bigint not null check (seq > 0),
  run_id text,
  type text not null,
  v integer not null check (v > 0),
  data jsonb not null,
  status_from text,
  status_to text,
  actor text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  prev_hash text not null,
  hash text not null,
  unique (lead_id, seq)
);
comment on table public.pipeline_events is
  'Append-only: what happened to each lead, seq from 1 without gaps, each event chained to the one before by hash.';

create table public.pipeline_artifacts (
  lead_id text not null,
  run_id text not null,
  path text not null,
  sha256 text not null,
  bytes bigint not null,
  content text not null,
  created_at timestamptz not null default now(),
  primary key (lead_id, run_id, path, sha256)
);
comment on table public.pipeline_artifacts is
  'The files of each run, so that another machine can carry it on.';

create table public.pipeline_notifications (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  channel text not null,
  lead_id text,
  payload jsonb not null,
  state text not null default 'pending'
    check (state in ('pending', 'trying', 'delivered', 'abandoned')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (key, channel)
);
comment on table public.pipeline_notifications is
  'Outbox: what the operator is to be told, one row a channel, written in the transaction of its event.';
create index pipeline_notifications_due
  on public.pipeline_notifications (next_attempt_at)
  where state in ('pending', 'trying');

-- Access: the daemon's key only. Policies that a project already has on its own tables stay as they
-- are; where row level security was off it goes on, as these tables hold personal data.
alter table public.junior_leads enable row level security;
alter table public.client_learning_pages enable row level security;
alter table public.client_learning_pages_history enable row level security;
alter table public.pipeline_events enable row level security;
alter table public.pipeline_artifacts enable row level security;
alter table public.pipeline_notifications enable row level security;

revoke all on
  public.client_learning_pages_history, public.pipeline_events,
  public.pipeline_artifacts, public.pipeline_notifications
  from public, anon, authenticated, service_role;

grant select, insert, update, delete on public.junior_leads to service_role;
grant select, insert, update, delete on public.client_learning_pages to service_role;
grant select on public.client_learning_pages_history to service_role;
grant select, insert on public.pipeline_events to service_role;
grant select, insert, delete on public.pipeline_artifacts to service_role;
grant select, insert, update, delete on public.pipeline_notifications to service_role;

-- Realtime: absent from a plain PostgreSQL and from the embedded database, so only where it is there.
do $$
begin
  if exists (select 1 from pg_publication where pubname = 'supabase_realtime' and not puballtables)
     and not exists (
       select 1 from pg_publication_tables
        where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = 'junior_leads')
  then
    alter publication supabase_realtime add table public.junior_leads;
  end if;
end
$$;
