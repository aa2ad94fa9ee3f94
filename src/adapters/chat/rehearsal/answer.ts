/** What the rehearsal answers: a pure function of the step and the prompt's text. */
import type { ChatStep } from '../../../core/lifecycle.ts';
import { guessLanguage } from './language.ts';
import { lessonReply } from './lesson.ts';
import { pageReply } from './page.ts';
import { personOf, planReply } from './plan.ts';
import { PHRASES } from './phrases/index.ts';
import { profileOf } from './profile.ts';
import {
  blockCountIn,
  blockIn,
  descriptionIn,
  languageIn,
  lessonIn,
  profileIn,
} from './read-prompt.ts';

/** Neither clock nor chance: the same prompt has the same answer. */
export function rehearsalAnswer(step: ChatStep, prompt: string): string {
  switch (step) {
    case 'input_transform': {
      const description = descriptionIn(prompt);
      const notes = PHRASES[guessLanguage(description) ?? 'en'].notice;
      return JSON.stringify({ ...profileOf(description), notes }, null, 2);
    }
    case 'plan': {
      const profile = profileIn(prompt);
      return planReply(personOf(profile, JSON.stringify(profile)), blockCountIn(prompt));
    }
    case 'stage2': {
      const { n, text } = blockIn(prompt);
      return lessonReply(text, n, personOf(profileIn(prompt), text));
    }
    case 'stage3':
      return pageReply(lessonIn(prompt), languageIn(prompt));
  }
}
