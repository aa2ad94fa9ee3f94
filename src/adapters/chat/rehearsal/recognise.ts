/** Which of the four kinds a prompt is, told by what its template asks for. */
import type { ChatStep } from '../../../core/lifecycle.ts';
import { findFrames, instructionsOf } from './frames.ts';

/** Null when the text is none of the pipeline's prompts. */
export function stepOfPrompt(prompt: string): ChatStep | null {
  const frames = findFrames(prompt);
  const own = instructionsOf(prompt, frames);
  const has = (name: RegExp) => frames.some((frame) => name.test(frame.name));
  if (/<blok-\d+>/iu.test(own)) return 'plan';
  if (/target_role/u.test(own) && /json/iu.test(own)) return 'input_transform';
  if (has(/bl(?:o|ö)[ck]/iu)) return 'stage2';
  if (/<!doctype html|html page|html stránk|html-seite/iu.test(own)) return 'stage3';
  return /\b(?:lesson|lekci[aeu]|lektion)\b/iu.test(own) ? 'stage2' : null;
}
