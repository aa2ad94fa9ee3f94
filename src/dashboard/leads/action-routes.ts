/** Asking once, then doing: a page for each action, which a dialog of the list shows as well. */
import { Hono } from 'hono';
import { isPlanlineError, messageOf, PlanlineError } from '../../core/errors.ts';
import type { LeadRow } from '../../ports.ts';
import type { LeftHere } from '../../shell/erase-here.ts';
import type { DashboardDeps, LeadActions } from '../deps.ts';
import type { DashboardContext, DashboardEnv } from '../env.ts';
import { html, type Html } from '../html.ts';
import { csrfField, page } from '../layout.ts';
import { statusChip } from '../parts/chip.ts';
import { ownPath } from '../security/own-path.ts';
import { ACTOR, actionsFor, isAction, meantFrom, statusTo, WORDS, type Action } from './actions.ts';
import { nameOf } from './name.ts';

const PATH = '/leads/:id/:action{flag|unblock|withdraw|forget}';

function confirmation(
  context: DashboardContext,
  lead: LeadRow,
  action: Action,
  back: string,
): Html {
  const words = WORDS[action];
  return html`<form class="confirm" id="confirm" method="post">
    ${csrfField(context)}
    <input type="hidden" name="seen" value="${lead.status ?? ''}" />
    <input type="hidden" name="back" value="${back}" />
    <h1 id="confirm-title">${words.question}</h1>
    <p><strong>${nameOf(lead) ?? lead.id}</strong> ${statusChip(lead.status)}</p>
    <p>${words.meaning}</p>
    <div class="actions">
      <a class="button" data-cancel href="${back}">Cancel</a>
      <button class="${words.isDangerous ? 'danger' : 'primary'}" type="submit">
        ${words.name}
      </button>
    </div>
  </form>`;
}

function refusal(
  context: DashboardContext,
  deps: DashboardDeps,
  back: string,
  message: string,
): Response | Promise<Response> {
  const body = html`<h1>Not done</h1>
    <p class="notice bad" role="alert">${message}</p>
    <p><a class="button" href="${back}">Back</a></p>`;
  return page(context, deps, { title: 'Not done', section: 'leads', body, status: 409 });
}

/** Where the operator came from, with what was done; the list is where a forgotten lead leads to. */
function doneHref(back: string, action: Action, leadId: string, left: LeftHere): string {
  const url = new URL(back === '/' ? '/leads' : back, 'http://dashboard.invalid');
  if (action === 'forget') url.pathname = '/leads';
  url.searchParams.set('done', action);
  url.searchParams.set('lead', leadId);
  const { unreachable, differing } = left;
  if (unreachable.length > 0) url.searchParams.set('left', String(unreachable.length));
  if (differing.length > 0) url.searchParams.set('differing', String(differing.length));
  return `${url.pathname}${url.search}`;
}

interface Doing {
  readonly action: Action;
  readonly leadId: string;
  /** The status that the operator saw. */
  readonly seen: string;
}

async function perform(
  actions: LeadActions,
  { directory }: DashboardDeps,
  { action, leadId, seen }: Doing,
): Promise<LeftHere> {
  if (action !== 'forget') {
    await actions.move(leadId, meantFrom(action, seen), statusTo(action), ACTOR);
    return { unreachable: [], differing: [] };
  }
  const status = (await directory.get(leadId))?.status ?? '';
  if (status !== seen) {
    throw new PlanlineError(
      'lead_moved',
      `Lead ${leadId} was ${statusName(seen)} when you looked and is ${statusName(status)} now. Nothing was erased: look again.`,
    );
  }
  return actions.forget(leadId, ACTOR);
}

function statusName(status: string): string {
  return status === '' ? 'without a status' : status;
}

function doing(deps: DashboardDeps) {
  return async (context: DashboardContext): Promise<Response> => {
    const leadId = context.req.param('id') ?? '';
    const action = context.req.param('action') ?? '';
    const form = await context.req.parseBody();
    const back = ownPath(form['back']);
    const seen = typeof form['seen'] === 'string' ? form['seen'] : '';
    if (deps.actions === null || !isAction(action)) {
      return refusal(context, deps, back, 'This dashboard is for reading: use that of the daemon.');
    }
    try {
      const left = await perform(deps.actions, deps, { action, leadId, seen });
      deps.log.info({ leadId, action, actor: ACTOR }, 'Done from the dashboard');
      return context.redirect(doneHref(back, action, leadId, left), 303);
    } catch (error) {
      if (!(error instanceof PlanlineError)) throw error;
      deps.log.info({ leadId, action, code: error.code }, 'Refused to the dashboard');
      return refusal(context, deps, back, messageOf(error));
    }
  };
}

function asking(deps: DashboardDeps) {
  return async (context: DashboardContext): Promise<Response> => {
    const leadId = context.req.param('id') ?? '';
    const action = context.req.param('action') ?? '';
    const back = ownPath(context.req.query('back') ?? '/leads');
    const lead = await deps.directory.get(leadId).catch((error: unknown) => {
      // No id of this table.
      if (isPlanlineError(error, 'usage')) return null;
      throw error;
    });
    if (lead === null || !isAction(action)) return context.notFound();
    if (deps.actions === null) {
      return refusal(context, deps, back, 'This dashboard is for reading: use that of the daemon.');
    }
    if (!actionsFor(lead.status).includes(action)) {
      const message = `Lead ${leadId} is ${lead.status ?? 'without a status'} by now: "${WORDS[action].name}" means nothing for it.`;
      return refusal(context, deps, back, message);
    }
    const body = html`<div class="panel padded">${confirmation(context, lead, action, back)}</div>`;
    return page(context, deps, { title: WORDS[action].question, section: 'leads', body });
  };
}

export function leadActionRoutes(deps: DashboardDeps): Hono<DashboardEnv> {
  const routes = new Hono<DashboardEnv>();
  routes.get(PATH, asking(deps));
  routes.post(PATH, doing(deps));
  return routes;
}
