/** The fifth step: every lesson becomes a prompt that asks for its HTML. */
import { languageCode, languageName } from '../core/language.ts';
import type { Result } from '../core/result.ts';
import { fillTemplate } from '../core/template.ts';

export interface HtmlPromptInput {
  /** From 1. */
  readonly n: number;
  /** The lesson. */
  readonly content: string;
  /** As the profile names it; null when it is not known. */
  readonly language: string | null;
}

/** `Slovak (sk)`; the name as it is given when it is no language known here. */
export function languageLabel(language: string | null): string {
  const code = languageCode(language);
  if (code !== null) return `${languageName(code) ?? code} (${code})`;
  return language ?? 'the language that the lesson is written in';
}

export function htmlPrompt(template: string, input: HtmlPromptInput): Result<string> {
  return fillTemplate('html_transform', template, {
    BLOK_N: String(input.n),
    OBSAH: input.content,
    LANGUAGE: languageLabel(input.language),
  });
}
