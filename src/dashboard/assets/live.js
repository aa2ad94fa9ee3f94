/** Keeps elements with `data-live` and an id at what the page says now. Without this script pages are whole. */
import { Idiomorph } from './idiomorph.js';

/** Durations on the page go on even when nothing changes. */
const REFRESH_EVERY_MS = 15_000;
const RECONNECT_MS = 3_000;
const ANSWER_MS = 30_000;
const LABELS = { live: 'Live', lost: 'Not connected', none: '' };

let source = null;
let refreshing = false;
let again = false;

function show(state) {
  const link = document.getElementById('link');
  if (link === null || link.dataset.state === state) return;
  link.dataset.state = state;
  link.textContent = LABELS[state];
}

function keepWhatThePersonDoes(name, node) {
  // What was opened stays open, and what is being typed stays as it is.
  return !(name === 'open' && (node.tagName === 'DETAILS' || node.tagName === 'DIALOG'));
}

function morph(target, wanted) {
  Idiomorph.morph(target, wanted, {
    ignoreActiveValue: true,
    restoreFocus: true,
    callbacks: { beforeAttributeUpdated: keepWhatThePersonDoes },
  });
}

async function refresh() {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  try {
    const response = await fetch(location.href, {
      headers: { Accept: 'text/html' },
      // One that never comes must not be the last one asked for.
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (response.redirected || !response.ok) throw new Error(`status ${response.status}`);
    const wanted = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const target of document.querySelectorAll('[data-live][id]')) {
      const next = wanted.getElementById(target.id);
      if (next !== null) morph(target, next);
    }
  } catch {
    show('lost');
  } finally {
    refreshing = false;
    if (again) {
      again = false;
      void refresh();
    }
  }
}

/** A page that names its lead is not disturbed by the others. */
function isMine(lead) {
  const mine = document.querySelector('[data-lead]')?.dataset.lead;
  return lead === null || mine === undefined || mine === lead;
}

function connect() {
  if (source !== null || document.querySelector('[data-live]') === null) return;
  source = new EventSource('/live');
  source.addEventListener('ready', () => {
    show('live');
    void refresh();
  });
  source.addEventListener('change', (event) => {
    if (isMine(JSON.parse(event.data).lead)) void refresh();
  });
  source.addEventListener('error', () => {
    show('lost');
    disconnect();
    setTimeout(connectWhenSeen, RECONNECT_MS);
  });
}

function disconnect() {
  source?.close();
  source = null;
}

/** A browser opens six connections to one server: tabs that nobody looks at must not hold them. */
function connectWhenSeen() {
  if (document.visibilityState === 'visible') connect();
  else disconnect();
}

document.addEventListener('visibilitychange', connectWhenSeen);
window.addEventListener('pagehide', disconnect);
window.addEventListener('pageshow', connectWhenSeen);
setInterval(() => {
  if (source !== null) void refresh();
}, REFRESH_EVERY_MS);
connectWhenSeen();
