import { describe, expect, it } from 'vitest';
import { foreignWrite, hostName, isUnderHttps } from '../../../src/dashboard/security/origin.ts';
import { ownPath } from '../../../src/dashboard/security/own-path.ts';
import { createSessions, isSame, SESSION_MS } from '../../../src/dashboard/security/session.ts';
import { createThrottle } from '../../../src/dashboard/security/throttle.ts';

const NOW = 1_000_000;

describe('Host', () => {
  it('is a name or an address, with or without a port', () => {
    expect(hostName('LocalHost:4400')).toBe('localhost');
    expect(hostName('[::1]:4400')).toBe('[::1]');
    expect(hostName('planline.example')).toBe('planline.example');
    for (const odd of [undefined, '', 'a b', 'a@b', 'a:b', 'a/b', '127.0.0.1:4400:1', 'a,b']) {
      expect(hostName(odd), String(odd)).toBeNull();
    }
  });
});

describe('a write', () => {
  const own = { host: 'x:1', origin: 'http://x:1', fetchSite: 'same-origin' };
  it('is ours with our own origin, seen from either side of a TLS proxy', () => {
    expect(foreignWrite(own)).toBeNull();
    expect(foreignWrite({ ...own, origin: 'https://x:1' })).toBeNull();
    expect(foreignWrite({ ...own, origin: undefined })).toBeNull();
    expect(foreignWrite({ ...own, fetchSite: undefined })).toBeNull();
  });

  it('is ours under DASHBOARD_URL, whatever Host the proxy there gives', () => {
    const proxied = { ...own, origin: 'https://dash.example' };
    expect(foreignWrite(proxied)).toMatch(/another site/);
    expect(foreignWrite(proxied, 'https://dash.example')).toBeNull();
    expect(foreignWrite({ ...own, origin: undefined, fetchSite: undefined }, null)).toMatch(
      /no Origin/,
    );
  });

  it('is foreign otherwise', () => {
    expect(foreignWrite({ ...own, origin: 'http://x:2' })).toMatch(/another site/);
    expect(foreignWrite({ ...own, origin: 'null' })).toMatch(/another site/);
    expect(foreignWrite({ ...own, fetchSite: 'none' })).toMatch(/Sec-Fetch-Site: none/);
    expect(foreignWrite({ host: 'x:1', origin: undefined, fetchSite: undefined })).toMatch(
      /no Origin/,
    );
  });
});

describe('a cookie', () => {
  it('is Secure where the browser is under https, whatever DASHBOARD_URL says', () => {
    const url = 'https://dash.example';
    expect(isUnderHttps(url, url)).toBe(true);
    expect(isUnderHttps('http://192.168.1.7:4400', url)).toBe(false);
    expect(isUnderHttps('https://192.168.1.7:4400', null)).toBe(true);
    expect(isUnderHttps(undefined, url)).toBe(true);
    expect(isUnderHttps(undefined, null)).toBe(false);
  });
});

describe('where a form leads', () => {
  it('is a path of the dashboard, whatever it says', () => {
    expect(ownPath('/leads?q=a%20b#x')).toBe('/leads?q=a%20b');
    for (const away of [
      '//evil.example/x',
      'https://evil.example',
      '/\\evil.example',
      7,
      'leads',
    ]) {
      expect(ownPath(away), String(away)).toBe('/');
    }
    for (const around of ['/.//evil.example', '/%2e//evil.example', '/leads/..//evil.example']) {
      expect(ownPath(around)).toBe('/evil.example');
    }
  });
});

describe('a session', () => {
  it('is known again by the same token, until it ends or the token changes', () => {
    const cookie = createSessions('first-token').open(NOW);
    expect(createSessions('first-token').isValid(cookie, NOW)).toBe(true);
    expect(createSessions('first-token').isValid(cookie, NOW + SESSION_MS)).toBe(false);
    expect(createSessions('other-token').isValid(cookie, NOW)).toBe(false);
    expect(createSessions(null).isValid(cookie, NOW)).toBe(false);
    const [id = '', end = '', signature = ''] = cookie.split('.');
    expect(createSessions('first-token').isValid(`${id}.${end}9.${signature}`, NOW)).toBe(false);
    expect(createSessions('first-token').isValid('', NOW)).toBe(false);
  });

  it('has a token of its own for forms', () => {
    const sessions = createSessions('first-token');
    const [one, other] = [sessions.open(NOW), sessions.open(NOW)];
    expect(isSame(sessions.csrfToken(one), sessions.csrfToken(one))).toBe(true);
    expect(isSame(sessions.csrfToken(one), sessions.csrfToken(other))).toBe(false);
  });
});

describe('wrong tokens', () => {
  it('make one address wait, and all of them when there are many', () => {
    const throttle = createThrottle();
    for (let i = 0; i < 10; i += 1) throttle.failed('a', NOW + i);
    expect(throttle.waitMs('a', NOW + 10)).toBe(10 * 60_000 - 10);
    expect(throttle.waitMs('b', NOW + 10)).toBe(0);
    expect(throttle.waitMs('a', NOW + 10 * 60_000)).toBe(0);
    for (let i = 0; i < 100; i += 1) throttle.failed(`c${i}`, NOW + 10 * 60_000);
    expect(throttle.waitMs('b', NOW + 10 * 60_000)).toBeGreaterThan(0);
  });
});
