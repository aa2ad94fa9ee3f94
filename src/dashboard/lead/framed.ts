/**
 * Documents made by the model, for a frame that may do nothing. Their own policy goes with them, so
 * they are as harmless when opened alone: the browser gives a sandboxed document an origin of its own,
 * runs no script, sends no form and fetches nothing, not even a picture that would tell who looks.
 */
import { jsonText } from '../../core/json-text.ts';
import { page } from '../../core/page.ts';
import { extractHtml } from '../../core/reply/extract-html.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { renderPage } from '../../steps/render.ts';
import type { ArtifactKind } from './artifact-kind.ts';

export const FRAME_POLICY = [
  'sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

const pageText = jsonText(page);

/** The document to be framed; a refusal says why there is none; null for what needs no frame. */
export function frameable(kind: ArtifactKind, text: string): Result<string> | null {
  if (kind === 'html') return extractHtml(text);
  if (kind !== 'page') return null;
  const parsed = pageText.safeParse(text);
  return parsed.success ? ok(renderPage(parsed.data)) : refuse('it is not page JSON');
}
