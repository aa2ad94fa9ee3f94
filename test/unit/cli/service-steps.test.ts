import { describe, expect, it } from 'vitest';
import { runSteps } from '../../../src/cli/service/run-steps.ts';
import { launchdStart } from '../../../src/core/service/launchd.ts';
import type { Before, ServiceStep } from '../../../src/core/service/step.ts';

const AGENT = {
  domain: 'gui/501',
  label: 'dev.planline.planline',
  path: '/Users/jana/Library/LaunchAgents/dev.planline.planline.plist',
};
const BOOTSTRAP = `launchctl bootstrap gui/501 ${AGENT.path}`;
const BOOTOUT = 'launchctl bootout gui/501/dev.planline.planline';
const KICKSTART = 'launchctl kickstart gui/501/dev.planline.planline';

const linesOf = (steps: readonly ServiceStep[]) => steps.map(({ words }) => words.join(' '));

/** A service manager that ends each command with the next of its codes, then with 0. */
function managerOf(codes: Readonly<Record<string, readonly number[]>>) {
  const left = new Map(Object.entries(codes).map(([line, ends]) => [line, [...ends]]));
  const given: string[] = [];
  const run = (program: string, args: readonly string[]) => {
    const line = [program, ...args].join(' ');
    given.push(line);
    const code = left.get(line)?.shift() ?? 0;
    return Promise.resolve({ code, output: `ended with ${code}` });
  };
  return { given, run };
}

const AT_ONCE = { sleep: () => Promise.resolve() };

function started(before: Before, codes: Readonly<Record<string, readonly number[]>> = {}) {
  const manager = managerOf(codes);
  const outcome = runSteps(launchdStart(AGENT, before), manager, AT_ONCE);
  return outcome.then((failed) => ({ failed, given: manager.given }));
}

describe('a launchd agent', () => {
  it.each([
    { definition: null, isLoaded: false, lines: [BOOTSTRAP] },
    { definition: 'same', isLoaded: false, lines: [BOOTSTRAP] },
    { definition: 'older', isLoaded: false, lines: [BOOTSTRAP] },
    { definition: 'same', isLoaded: true, lines: [KICKSTART] },
    { definition: 'older', isLoaded: true, lines: [BOOTOUT, BOOTSTRAP] },
    // Its file was removed by hand: what is loaded may be anything.
    { definition: null, isLoaded: true, lines: [BOOTOUT, BOOTSTRAP] },
  ] as const)(
    'of definition $definition, loaded: $isLoaded, is started by $lines',
    async ({ lines, ...before }) => {
      expect(await started(before)).toEqual({ failed: null, given: lines });
    },
  );

  it('is loaded anew once the older one has left', async () => {
    const codes = { [BOOTOUT]: [36], [BOOTSTRAP]: [37, 5, 5] };
    const { failed, given } = await started({ definition: 'older', isLoaded: true }, codes);
    expect(failed).toBeNull();
    expect(given).toEqual([BOOTOUT, ...Array.from({ length: 4 }, () => BOOTSTRAP)]);
  });

  it('is not waited for without end, and what is left is told', async () => {
    const codes = { [BOOTSTRAP]: Array.from({ length: 100 }, () => 5) };
    const { failed, given } = await started({ definition: null, isLoaded: false }, codes);
    expect(linesOf(failed?.left ?? [])).toEqual([BOOTSTRAP]);
    expect(failed?.output).toBe('ended with 5');
    expect(given.length).toBeLessThan(100);
  });

  it('that does not let go of the older one is left to a person, from there on', async () => {
    const codes = { [BOOTOUT]: [1] };
    const { failed, given } = await started({ definition: 'older', isLoaded: true }, codes);
    expect(linesOf(failed?.left ?? [])).toEqual([BOOTOUT, BOOTSTRAP]);
    expect(given).toEqual([BOOTOUT]);
  });
});
