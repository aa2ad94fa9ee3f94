/** TemplateSource: the four files of PROMPTS_DIR, read anew for each run. */
import { join } from 'node:path';
import { PlanlineError } from '../../core/errors.ts';
import { checkTemplate, TEMPLATES, type TemplateName } from '../../core/template.ts';
import type { TemplateSource } from '../../ports.ts';
import { onDisk } from './disk-error.ts';
import { readIfThere } from './durable.ts';

async function readTemplate(folder: string, name: TemplateName): Promise<string> {
  const path = join(folder, TEMPLATES[name].file);
  const bytes = await onDisk('Reading', path, () => readIfThere(path));
  if (bytes === null) {
    throw new PlanlineError(
      'permanent',
      `The template ${path} is not there. Put it back, or unset PROMPTS_DIR to use the templates that planline comes with.`,
    );
  }
  const text = bytes.toString('utf8');
  const faults = checkTemplate(name, text);
  if (faults.length === 0) return text;
  throw new PlanlineError(
    'permanent',
    `A template in ${folder} cannot be used: ${faults.map((fault) => fault.reason).join('; ')}.`,
  );
}

export function createTemplateSource(folder: string): TemplateSource {
  return {
    async load() {
      const [inputTransform, initPlan, block, htmlTransform] = await Promise.all([
        readTemplate(folder, 'input_transform'),
        readTemplate(folder, 'init_plan'),
        readTemplate(folder, 'block'),
        readTemplate(folder, 'html_transform'),
      ]);
      return {
        input_transform: inputTransform,
        init_plan: initPlan,
        block,
        html_transform: htmlTransform,
      };
    },
  };
}
