/** Our tab in the operator's Chrome: found again by its id, or opened. No other tab is touched. */
import { connectToTab, reachChrome, type TabConnection } from './chrome/connect.ts';
import type { DevTools } from './chrome/devtools.ts';
import type { ChromeAddress } from './chrome/endpoint.ts';
import { recordedTab, recordTab } from './lease.ts';
import { Tab, type TabDeps } from './tab.ts';

/** A tab in the background is slowed down, and may not copy: this one behaves as if it were in front. */
async function keepAwake({ page }: TabConnection): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: true });
}

async function openedTab(address: ChromeAddress, devtools: DevTools): Promise<TabConnection> {
  const targetId = await devtools.openTab();
  await recordTab(address.profileDir, targetId);
  return await connectToTab(devtools, targetId, address.connectMs);
}

/** The id of the recorded tab if it is still open, else null. */
async function openRecordedTab(devtools: DevTools, profileDir: string): Promise<string | null> {
  const targetId = await recordedTab(profileDir);
  return targetId !== null && (await devtools.tabs()).includes(targetId) ? targetId : null;
}

async function connection(address: ChromeAddress): Promise<TabConnection> {
  const devtools = await reachChrome(address);
  const targetId = await openRecordedTab(devtools, address.profileDir);
  if (targetId === null) return await openedTab(address, devtools);
  try {
    return await connectToTab(devtools, targetId, address.connectMs);
  } catch {
    // It crashed or hangs since nobody looked. It is ours, so it may be closed; whatever else is wrong
    // is wrong with the next one too.
    devtools.close();
    const again = await reachChrome(address);
    await again.closeTab(targetId);
    return await openedTab(address, again);
  }
}

/** The recorded tab where it still answers, else a new one. Throws ChatError `needs_operator`. */
export async function takeTab(address: ChromeAddress, deps: TabDeps): Promise<Tab> {
  const connected = await connection(address);
  await keepAwake(connected);
  return new Tab(connected, deps);
}

/** The recorded tab for reading, while another process is at work in it; null when it is not open. */
export async function viewTab(address: ChromeAddress, deps: TabDeps): Promise<Tab | null> {
  const devtools = await reachChrome(address);
  const targetId = await openRecordedTab(devtools, address.profileDir);
  if (targetId === null) {
    devtools.close();
    return null;
  }
  const connected = await connectToTab(devtools, targetId, address.connectMs);
  await keepAwake(connected);
  return new Tab(connected, deps);
}
