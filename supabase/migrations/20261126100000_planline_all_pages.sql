-- planline: an upload replaces every numbered page of a client, one numbered 0 as well.

create or replace function public.planline_put_pages(p_lead_id text, p_run_id text, p_pages jsonb)
returns void
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
  -- Pages of an earlier, longer run, and those of a table that counted from 0; their last version is
  -- in the history. Pages without a number are the project's own app's: it may go on adding them.
  delete from public.client_learning_pages
   where client_id = v_client_id and page_index not between 1 and jsonb_array_length(p_pages);
end
$$;

-- What doctor asks first: which migration the database has.
create or replace function public.planline_info() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'schema_version', 20261126100000,
    'now', public.planline_utc(clock_timestamp()),
    'role', current_user)
$$;

notify pgrst, 'reload schema';
