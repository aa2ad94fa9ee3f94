/** A real Chromium for tests, without a window. */
import { chromium, type Browser } from 'playwright-core';
import { findChromium } from './programs.ts';
import { CHROMIUM, missingPackage } from './system-packages.ts';

/** Quiet, offline but for the test's own page, and without the sandbox that refuses to run as root. */
export const TEST_FLAGS: readonly string[] = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** With a profile of its own that goes again. It leaves when its pipe to this process closes. */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(missingPackage(CHROMIUM));
  return await chromium.launch({ executablePath, args: [...TEST_FLAGS, ...flags] });
}
