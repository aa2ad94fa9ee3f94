/** The chat driver's own check, and what a person does when it does not end in time. */
import type { ChatDriver, Finding } from '../../ports.ts';

/** What keeps each driver's check waiting. */
const UNHURRIED: Readonly<Record<string, string>> = {
  desktop: 'Leave keyboard, mouse and windows alone while it looks',
  browser: 'Look whether ChatGPT loads in the Chrome of planline',
  openai: 'Check the network and OPENAI_BASE_URL',
};

function unfinished({ name }: ChatDriver): Finding {
  return {
    name: 'chat',
    level: 'error',
    detail: `the check of the ${name} driver was stopped before it had looked at everything`,
    action: `${UNHURRIED[name] ?? 'Wait a minute'}, then run: planline doctor`,
  };
}

/** An aborted `signal` is a finding. Throws what the check throws of itself. */
export async function checkChat(driver: ChatDriver, signal: AbortSignal): Promise<Finding[]> {
  try {
    return await driver.check(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return [unfinished(driver)];
  }
}
