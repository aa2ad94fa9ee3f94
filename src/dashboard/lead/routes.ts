/** `/leads/:id` and below: the lead's page, its files, its runs compared. Reading only. */
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { isPlanlineError } from '../../core/errors.ts';
import type { StoredEnvelope } from '../../core/events.ts';
import type { RecordedRun } from '../../core/recorded.ts';
import type { LeadRow } from '../../ports.ts';
import type { DashboardDeps } from '../deps.ts';
import type { DashboardEnv } from '../env.ts';
import { html, type Html } from '../html.ts';
import { page } from '../layout.ts';
import { actionLinks } from '../leads/action-links.ts';
import { told } from '../leads/told.ts';
import { kindOf } from './artifact-kind.ts';
import { artifactPage } from './artifact-page.ts';
import { findRecorded, readArtifact, runsOf } from './artifacts.ts';
import { compareRuns } from './compare-runs.ts';
import { diffPage, diffTable } from './diff-page.ts';
import { diffTexts } from './diff.ts';
import { FRAME_POLICY, frameable } from './framed.ts';
import { leadPage } from './lead-page.ts';
import { linksOf, type ArtifactAddress } from './links.ts';
import { replay } from './replay.ts';

/** A number that is no seq of this stream means no moment of the past. */
const seqParameter = z.coerce.number().int().positive().nullable().catch(null);

const leadQuery = z.object({
  at: seqParameter,
  before: seqParameter,
  run: z.string().nullable().catch(null),
});

const artifactQuery = z.object({
  run: z.string().catch(''),
  path: z.string().catch(''),
  sha256: z.string().nullable().catch(null),
});

const diffQuery = z.object({
  left: z.string().nullable().catch(null),
  right: z.string().nullable().catch(null),
  path: z.string().nullable().catch(null),
});

interface Known {
  readonly row: LeadRow | null;
  readonly events: readonly StoredEnvelope[];
}

/** Null when neither row nor stream is there. */
async function readLead(deps: DashboardDeps, leadId: string): Promise<Known | null> {
  const row = deps.directory.get(leadId).catch((error: unknown) => {
    // No id of this table: whoever typed it is told that there is no such lead.
    if (isPlanlineError(error, 'usage')) return null;
    throw error;
  });
  const [found, events] = await Promise.all([row, deps.store.read(leadId, 0)]);
  return found === null && events.length === 0 ? null : { row: found, events };
}

const STYLES = ['lead.css'];

type LeadContext = Context<DashboardEnv>;

function notFound(context: LeadContext, deps: DashboardDeps, what: string, back: string) {
  const body = html`<h1>Not found</h1>
    <p>${what}</p>
    <p><a class="button" href="${back}">Back</a></p>`;
  return page(context, deps, { title: 'Not found', section: 'leads', status: 404, body });
}

async function runsOfLead(deps: DashboardDeps, leadId: string): Promise<readonly RecordedRun[]> {
  return runsOf(replay(await deps.store.read(leadId, 0), null).moments);
}

/** What one of a run's files is called in a request, and what the stream records of it. */
async function askedFor(deps: DashboardDeps, context: LeadContext, leadId: string) {
  const { run, path, sha256 } = artifactQuery.parse(context.req.query());
  const address: ArtifactAddress = { runId: run, path, sha256 };
  const runs = await runsOfLead(deps, leadId);
  const ref = findRecorded(runs, address);
  const versions = runs.find(({ runId }) => runId === run)?.versions ?? [];
  return { address, ref, versions: versions.filter((version) => version.path === path) };
}

const NO_FILE = 'No event of this lead records such a file.';

async function differenceOf(
  deps: DashboardDeps,
  leadId: string,
  [left, right]: readonly [RecordedRun, RecordedRun],
  path: string,
): Promise<Html> {
  const texts: string[] = [];
  for (const { runId, newest } of [left, right]) {
    const ref = newest.get(path);
    const found = ref === undefined ? null : await readArtifact(deps, { leadId, runId, ref });
    if (ref !== undefined && found === null) {
      return html`<p class="notice wait">
        The content of run ${runId} is neither on this disk nor in the database.
      </p>`;
    }
    texts.push(found?.text ?? '');
  }
  return diffTable(diffTexts(texts[0] ?? '', texts[1] ?? ''), path);
}

function chosenRuns(
  runs: readonly RecordedRun[],
  { left, right }: z.infer<typeof diffQuery>,
): readonly [RecordedRun, RecordedRun] | null {
  const find = (wanted: string | null) => runs.find(({ runId }) => runId === wanted);
  const [first, second] = [find(left) ?? runs.at(-2), find(right) ?? runs.at(-1)];
  return first === undefined || second === undefined ? null : [first, second];
}

export function leadRoutes(deps: DashboardDeps): Hono<DashboardEnv> {
  const routes = new Hono<DashboardEnv>();

  routes.get('/leads/:id', async (context) => {
    const leadId = context.req.param('id');
    const known = await readLead(deps, leadId);
    if (known === null) {
      return notFound(context, deps, `There is no lead ${leadId}, and no stream of one.`, '/leads');
    }
    const query = leadQuery.parse(context.req.query());
    const links = linksOf(leadId);
    // The newest event is now: a page of now goes on with what comes, one of the past does not.
    if (query.at !== null && query.at >= (known.events.at(-1)?.seq ?? 0)) {
      return context.redirect(links.lead({ run: query.run, before: query.before }), 302);
    }
    const view = {
      ...known,
      leadId,
      at: query.at,
      runId: query.run,
      before: query.before,
      nowMs: deps.clock.now(),
      times: deps.times,
    };
    const { row } = known;
    // Nothing where the row is gone, or where the dashboard only reads.
    const actions =
      deps.actions === null || row === null
        ? ''
        : actionLinks({ ...row, back: links.lead(), about: null });
    const body = html`${told(context)}${leadPage(view, links, actions)}`;
    return page(context, deps, { title: `Lead ${leadId}`, section: 'leads', styles: STYLES, body });
  });

  routes.get('/leads/:id/artifact', async (context) => {
    const leadId = context.req.param('id');
    const links = linksOf(leadId);
    const { address, ref, versions } = await askedFor(deps, context, leadId);
    if (ref === null) return notFound(context, deps, NO_FILE, links.lead());
    const found = await readArtifact(deps, { leadId, runId: address.runId, ref });
    const body = artifactPage({ leadId, address, ref, versions, found }, links);
    return page(context, deps, { title: address.path, section: 'leads', styles: STYLES, body });
  });

  routes.get('/leads/:id/frame', async (context) => {
    const leadId = context.req.param('id');
    const { address, ref } = await askedFor(deps, context, leadId);
    const found =
      ref === null ? null : await readArtifact(deps, { leadId, runId: address.runId, ref });
    const document = found === null ? null : frameable(kindOf(address.path), found.text);
    context.header('Content-Security-Policy', FRAME_POLICY);
    if (document === null || !document.ok) return context.text(`${NO_FILE}\n`, 404);
    return context.html(document.value);
  });

  routes.get('/leads/:id/diff', async (context) => {
    const leadId = context.req.param('id');
    const query = diffQuery.parse(context.req.query());
    const runs = await runsOfLead(deps, leadId);
    const pair = chosenRuns(runs, query);
    const files = pair === null ? [] : compareRuns(...pair);
    const path = files.some((file) => file.path === query.path) ? query.path : null;
    const view = {
      leadId,
      runIds: runs.map(({ runId }) => runId),
      left: pair?.[0].runId ?? '',
      right: pair?.[1].runId ?? '',
      files,
      path,
      diff:
        pair === null || path === null
          ? ('' as const)
          : await differenceOf(deps, leadId, pair, path),
    };
    const body = diffPage(view, linksOf(leadId));
    return page(context, deps, {
      title: `Compare runs of ${leadId}`,
      section: 'leads',
      styles: STYLES,
      body,
    });
  });

  return routes;
}
