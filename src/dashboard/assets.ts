/** Scripts and styles: own files beside this one, and those of packages; read once. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { DashboardEnv } from './env.ts';

const own = (name: string): string => join(import.meta.dirname, 'assets', name);

const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

/** By name under /assets: only these are served, so no path of a request ever reaches the disk. */
const ASSETS: Readonly<Record<string, { readonly path: string; readonly type: string }>> = {
  'style.css': { path: own('style.css'), type: CSS },
  'leads.css': { path: own('leads.css'), type: CSS },
  'system.css': { path: own('system.css'), type: CSS },
  'lead.css': { path: own('lead.css'), type: CSS },
  'lead.js': { path: own('lead.js'), type: SCRIPT },
  'live.js': { path: own('live.js'), type: SCRIPT },
  'confirm.js': { path: own('confirm.js'), type: SCRIPT },
  'icon.svg': { path: own('icon.svg'), type: 'image/svg+xml' },
  'idiomorph.js': {
    path: fileURLToPath(import.meta.resolve('idiomorph/dist/idiomorph.esm.js')),
    type: SCRIPT,
  },
};

export function assetRoutes(): Hono<DashboardEnv> {
  const read = new Map<string, Promise<Buffer>>();
  const routes = new Hono<DashboardEnv>();
  routes.use(etag());
  routes.get('/:name', async (context) => {
    const name = context.req.param('name');
    const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (asset === undefined) return context.notFound();
    const content = read.get(name) ?? readFile(asset.path);
    read.set(name, content);
    return context.body(new Uint8Array(await content), 200, {
      'Content-Type': asset.type,
      'Cache-Control': 'no-cache',
    });
  });
  return routes;
}
