/** The way in: a session for everybody who may come in, a login where a token is needed, CSRF on writes. */
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { DashboardDeps } from '../deps.ts';
import type { DashboardContext, DashboardEnv } from '../env.ts';
import { html } from '../html.ts';
import { bare } from '../layout.ts';
import { loginPage, type LoginFault } from './login-page.ts';
import { isUnderHttps } from './origin.ts';
import { ownPath } from './own-path.ts';
import { createSessions, isSame, SESSION_MS, type Sessions } from './session.ts';
import { createThrottle, type Throttle } from './throttle.ts';

const READS = new Set(['GET', 'HEAD']);
const LOGIN_PATH = '/login';

type GateDeps = Pick<DashboardDeps, 'access' | 'clock' | 'log'>;

interface Gate extends GateDeps {
  readonly sessions: Sessions;
  readonly throttle: Throttle;
}

/** Cookies know no ports: two dashboards on one machine must not take each other's. */
function cookieName(context: DashboardContext): string {
  return `planline_${/:(\d+)$/.exec(context.req.header('Host') ?? '')?.[1] ?? 'session'}`;
}

function give(context: DashboardContext, { access }: Gate, cookie: string): void {
  setCookie(context, cookieName(context), cookie, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    maxAge: SESSION_MS / 1_000,
    secure: isUnderHttps(context.req.header('Origin'), access.ownOrigin),
  });
}

function sessionOf(context: DashboardContext, { sessions, clock }: Gate): string | null {
  const cookie = getCookie(context, cookieName(context)) ?? '';
  return sessions.isValid(cookie, clock.now()) ? cookie : null;
}

/** A link of another site brings no Strict cookie: the page that it leads to asks once more, from here. */
function fromElsewhere(context: DashboardContext): boolean {
  return READS.has(context.req.method) && context.req.header('Sec-Fetch-Site') === 'cross-site';
}

async function formOf(context: DashboardContext): Promise<Readonly<Record<string, unknown>>> {
  return await context.req.parseBody();
}

function refusedToken(context: DashboardContext): Response | Promise<Response> {
  const body = html`
    <h1>Not done</h1>
    <p>The form is from an earlier session, so nothing was changed.</p>
    <p><a class="button" href="/leads">Back to the leads</a></p>
  `;
  return context.html(bare('Not done', body), 403);
}

function createGate(gate: Gate): MiddlewareHandler<DashboardEnv> {
  const { access, sessions, clock } = gate;
  return async (context, next) => {
    let session = sessionOf(context, gate);
    if (session === null && fromElsewhere(context)) {
      context.header('Refresh', '0');
      return context.html(bare('Opening', html`<p>Opening the dashboard …</p>`));
    }
    if (session === null) {
      if (access.token !== null) {
        const to = READS.has(context.req.method) ? new URL(context.req.url) : null;
        const wanted = to === null ? '/' : `${to.pathname}${to.search}`;
        return context.redirect(`${LOGIN_PATH}?to=${encodeURIComponent(wanted)}`, 303);
      }
      session = sessions.open(clock.now());
      give(context, gate, session);
    }
    const csrfToken = sessions.csrfToken(session);
    context.set('csrfToken', csrfToken);
    if (!READS.has(context.req.method)) {
      const { csrf } = await formOf(context);
      if (typeof csrf !== 'string' || !isSame(csrf, csrfToken)) return refusedToken(context);
    }
    return next();
  };
}

function loginRoutes(gate: Gate): Hono<DashboardEnv> {
  const { access, clock, log, sessions, throttle } = gate;
  const { token } = access;
  const routes = new Hono<DashboardEnv>();
  if (token === null) return routes;

  const show = (context: DashboardContext, to: string, fault: LoginFault | null) =>
    context.html(loginPage(to, fault), fault === null ? 200 : fault.kind === 'wait' ? 429 : 403);

  routes.get(LOGIN_PATH, (context) => show(context, ownPath(context.req.query('to')), null));
  routes.post(LOGIN_PATH, async (context) => {
    const form = await formOf(context);
    const to = ownPath(form['to']);
    const address = getConnInfo(context).remote.address ?? 'unknown';
    const waitMs = throttle.waitMs(address, clock.now());
    if (waitMs > 0) {
      context.header('Retry-After', String(Math.ceil(waitMs / 1_000)));
      return show(context, to, { kind: 'wait', waitMs });
    }
    if (typeof form['token'] !== 'string' || !isSame(form['token'], token)) {
      throttle.failed(address, clock.now());
      log.warn({ address }, 'The dashboard refused a wrong token');
      return show(context, to, { kind: 'wrong' });
    }
    give(context, gate, sessions.open(clock.now()));
    return context.redirect(to, 303);
  });
  return routes;
}

function logoutRoute(): Hono<DashboardEnv> {
  const routes = new Hono<DashboardEnv>();
  routes.post('/logout', (context) => {
    deleteCookie(context, cookieName(context), { path: '/' });
    return context.redirect(LOGIN_PATH, 303);
  });
  return routes;
}

/** `open` is mounted before `closed`, all else behind it. */
export function createGates(deps: GateDeps): {
  readonly open: Hono<DashboardEnv>;
  readonly closed: MiddlewareHandler<DashboardEnv>;
  readonly logout: Hono<DashboardEnv>;
} {
  const gate = {
    ...deps,
    sessions: createSessions(deps.access.token),
    throttle: createThrottle(),
  };
  return { open: loginRoutes(gate), closed: createGate(gate), logout: logoutRoute() };
}
