/** The dashboard as another site, another machine or a neighbour would try it: by raw HTTP. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cookieOf, csrfOf, raw, serveDashboard } from '../support/dashboard.ts';
import { freePort } from '../support/free-port.ts';
import { clientOf, run, seededPlace, start } from '../support/planline.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const TOKEN = 'a-token-of-the-operator';

describe('the dashboard of a daemon', () => {
  it('answers to its own names only, and to its own pages only', async () => {
    const { port, place } = await serveDashboard('daemon', { CHAT_DRIVER: 'rehearsal' });
    const own = `127.0.0.1:${port}`;

    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.nip.io']) {
      const answer = await raw(port, '/leads', { headers: { Host: host } });
      expect(answer, host).toMatchObject({ status: 421 });
      expect(answer.body).not.toContain('csrf');
    }
    for (const host of [own, `localhost:${port}`, `[::1]:${port}`]) {
      expect(await raw(port, '/leads', { headers: { Host: host } })).toMatchObject({ status: 200 });
    }

    const page = await raw(port, '/system');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http:|data:/);
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(page.body).not.toMatch(/<script>|<style|\son[a-z]+=|\sstyle=/);
    const [cookie = ''] = page.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);

    const script = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' };
    expect(await raw(port, '/leads', { headers: script })).toMatchObject({ status: 403 });
    const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    const led = await raw(port, '/leads', { headers: link });
    expect(led).toMatchObject({ status: 200, headers: { refresh: '0' } });
    // It takes no cookie away from tabs that are open.
    expect(led.headers['set-cookie']).toBeUndefined();

    const [{ id }] = (await (await clientOf(place)).from('junior_leads').select('id')).data as [
      { id: string },
    ];
    const good = { ...FORM, Host: own, Origin: `http://${own}`, Cookie: cookieOf(page) };
    const body = new URLSearchParams({ csrf: csrfOf(page), seen: 'x' }).toString();
    const post = (headers: Record<string, string>, text = body, path = `/leads/${id}/withdraw`) =>
      raw(port, path, { method: 'POST', headers, body: text });
    const { Origin: _origin, ...originless } = good;
    const refused: [string, Promise<{ status: number }>][] = [
      ['another origin', post({ ...good, Origin: 'http://evil.example' })],
      ['another port', post({ ...good, Origin: 'http://127.0.0.1:1' })],
      ['an opaque origin', post({ ...good, Origin: 'null' })],
      ['no origin', post(originless)],
      ['a sibling site', post({ ...good, 'Sec-Fetch-Site': 'same-site' })],
      ['no csrf token', post(good, 'seen=flagged')],
      ['a wrong csrf token', post(good, `csrf=${'A'.repeat(43)}&seen=flagged`)],
      ['another session', post({ ...good, Cookie: '' })],
      ['a pause without a token', post(good, '', '/system/pause')],
    ];
    for (const [what, answer] of refused) expect((await answer).status, what).toBe(403);
    const large = `${body}&x=${'x'.repeat(100_000)}`;
    expect((await post(good, large)).status).toBe(413);
    // All of this was refused before anything was done; the same request, whole, is understood.
    expect((await post(good)).status).toBe(409);
    expect((await post(good, body, '/system/pause')).status).toBe(303);
  });

  it('shows what leads hold as text', async () => {
    const { port, place } = await serveDashboard('daemon', { CHAT_DRIVER: 'rehearsal' });
    const evil = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
    await (
      await clientOf(place)
    )
      .from('junior_leads')
      .insert({ status: `<b>${evil}`, last_error: evil, input_transform: { name: evil } });
    const page = await raw(
      port,
      `/leads?q=${encodeURIComponent(evil)}&sort=${encodeURIComponent(evil)}`,
    );
    expect(page.status).toBe(200);
    expect(page.body).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page.body).not.toMatch(/<img|<script>|<b>/);
    const told = await raw(port, `/leads?done=flag&lead=${encodeURIComponent(evil)}`);
    expect(told.body).not.toMatch(/<img|<script>/);
    const away = await raw(port, `/leads?back=//evil.example&after=x~y`);
    expect(away).toMatchObject({ status: 302, headers: { location: '/leads' } });
  });

  it('is missing, with one warning, where its port is taken; leads go on', async () => {
    const port = await freePort();
    const taken = createServer().listen(port, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const place = await seededPlace({ DASHBOARD_PORT: String(port), BLOCK_COUNT: '1' });
    const daemon = start(place, 'daemon');
    await daemon.until(/archived: 1 pages/);
    await daemon.kill('SIGTERM');
    const warnings = daemon.stdout().match(/There is no dashboard[^\n]*/g) ?? [];
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/Port \d+ is taken .* DASHBOARD_PORT to a free one, or to off/);
    expect(daemon.stdout()).not.toMatch(/Dashboard {3}http/);
    const alone = await run(place, 'dashboard');
    expect(alone).toMatchObject({ code: 2 });
    expect(alone.stderr).toMatch(/is taken[^]+A running daemon serves the dashboard already/);
  });
});

describe('a dashboard that others can reach', () => {
  it('is refused without a token', async () => {
    const place = await seededPlace({ DASHBOARD_HOST: '0.0.0.0', DASHBOARD_PORT: '4400' });
    const refused = await run(place, 'dashboard');
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toMatch(/DASHBOARD_TOKEN is needed with DASHBOARD_HOST=0\.0\.0\.0/);
  });

  it('logs in by a Secure cookie under https, and by one that comes back under plain http', async () => {
    const { port } = await serveDashboard('dashboard', {
      DASHBOARD_HOST: '0.0.0.0',
      DASHBOARD_TOKEN: TOKEN,
      DASHBOARD_URL: 'https://dash.example',
    });
    const body = new URLSearchParams({ token: TOKEN, to: '/system' }).toString();
    const cookieFor = async (headers: Record<string, string>) => {
      const sent = { method: 'POST', headers: { ...FORM, ...headers }, body };
      const entered = await raw(port, '/login', sent);
      expect(entered.status).toBe(303);
      return entered.headers['set-cookie']?.[0];
    };
    const proxied = { Host: 'dash.example', Origin: 'https://dash.example' };
    expect(await cookieFor(proxied)).toMatch(/; Secure/);
    const direct = `192.168.1.7:${port}`;
    expect(await cookieFor({ Host: direct, Origin: `http://${direct}` })).not.toMatch(/Secure/);
    // A browser that names no origin is taken to be where DASHBOARD_URL leads.
    const silent = { Host: 'dash.example', 'Sec-Fetch-Site': 'same-origin' };
    expect(await cookieFor(silent)).toMatch(/; Secure/);
  });

  it('lets in who knows the token, slows down who guesses, and reads only when it is alone', async () => {
    const env = { DASHBOARD_HOST: '0.0.0.0', DASHBOARD_TOKEN: TOKEN };
    const { port } = await serveDashboard('dashboard', env);
    const own = `127.0.0.1:${port}`;
    const headers = { ...FORM, Host: own, Origin: `http://${own}` };
    const tryToken = (token: string, to = '/system') =>
      raw(port, '/login', {
        method: 'POST',
        headers,
        body: new URLSearchParams({ token, to }).toString(),
      });

    expect(await raw(port, '/leads?status=blocked')).toMatchObject({
      status: 303,
      headers: { location: '/login?to=%2Fleads%3Fstatus%3Dblocked' },
    });
    expect((await raw(port, '/live')).status).toBe(303);
    // An address is nobody's rebound name; a name that nobody gave us may be.
    expect((await raw(port, '/login', { headers: { Host: '192.168.1.7' } })).status).toBe(200);
    expect((await raw(port, '/login', { headers: { Host: 'evil.example' } })).status).toBe(421);

    const forged = `planline_${port}=AAAAAAAAAAAAAAAAAAAAAA.9999999999999.${'A'.repeat(43)}`;
    expect((await raw(port, '/leads', { headers: { Cookie: forged } })).status).toBe(303);
    const entered = await tryToken(TOKEN, 'https://evil.example/');
    expect(entered).toMatchObject({ status: 303, headers: { location: '/' } });
    const cookie = cookieOf(entered);
    const page = await raw(port, '/leads', { headers: { Cookie: cookie } });
    expect(page.status).toBe(200);
    expect(page.body).toContain('reading only');
    expect(page.body).not.toContain('data-confirm');
    const move = await raw(port, '/leads/x/flag', {
      method: 'POST',
      headers: { ...headers, Cookie: cookie },
      body: new URLSearchParams({ csrf: csrfOf(page), seen: 'new' }).toString(),
    });
    expect(move).toMatchObject({ status: 409 });
    expect(move.body).toContain('for reading');

    const statuses: number[] = [];
    for (let i = 0; i < 11; i += 1) statuses.push((await tryToken(`guess ${i}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 403), 429]);
    const late = await tryToken(TOKEN);
    expect(late.status).toBe(429);
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    // Who is in stays in.
    expect((await raw(port, '/leads', { headers: { Cookie: cookie } })).status).toBe(200);
  });
});
