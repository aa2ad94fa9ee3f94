/** The look of a learning page: one column of readable length, light and dark, screen and paper. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --text: #1d2430;
  --quiet: #566072;
  --paper: #fdfdfb;
  --raised: #f3f4f0;
  --line: #d9dcd5;
  --accent: #0b5d8a;
  --note: #0b5d8a;
  --tip: #1d7044;
  --warning: #a05a00;
  --danger: #a92a2a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e7ec;
    --quiet: #a3acba;
    --paper: #14181f;
    --raised: #1e242d;
    --line: #39424f;
    --accent: #7cc4ee;
    --note: #7cc4ee;
    --tip: #7fd6a4;
    --warning: #efb45f;
    --danger: #f29090;
  }
}
* { box-sizing: border-box; }
html { font-size: 106.25%; -webkit-text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--text);
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  line-height: 1.6;
  overflow-wrap: break-word;
}
main { max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2.2em 0 0.6em; text-wrap: balance; }
h1 { font-size: 2.1rem; margin-top: 0; }
h2 { font-size: 1.5rem; padding-top: 1.1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.2rem; }
h4, h5, h6 { font-size: 1rem; }
p, ul, ol, dl, pre, blockquote, aside, details, figure, .scroll { margin: 0 0 1.1em; }
ul, ol { padding-inline-start: 1.5em; }
li { margin: 0.3em 0; }
li > ul, li > ol { margin: 0.3em 0; }
li.box { list-style: none; margin-inline-start: -1.25em; }
li.box > ul, li.box > ol { margin-inline-start: 1.25em; }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}
code, kbd, samp, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.9em; }
code, kbd, samp { background: var(--raised); border-radius: 4px; padding: 0.1em 0.3em; }
kbd { border: 1px solid var(--line); border-bottom-width: 2px; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 0.9em 1.1em; overflow-x: auto; direction: ltr; }
pre code { background: none; padding: 0; }
mark { background: #ffe58a; color: #1d2430; }
blockquote { border-inline-start: 4px solid var(--line); color: var(--quiet); padding-inline-start: 1em; margin-inline: 0; }
.callout { border: 1px solid var(--line); border-inline-start: 4px solid var(--note); background: var(--raised); border-radius: 8px; padding: 0.9em 1.1em; }
.callout.tip, .callout.hint, .callout.success, .callout.example { border-inline-start-color: var(--tip); }
.callout.important, .callout.warning, .callout.caution { border-inline-start-color: var(--warning); }
.callout.danger { border-inline-start-color: var(--danger); }
details { border: 1px solid var(--line); border-radius: 8px; padding: 0.7em 1.1em; }
details > :last-child { margin-bottom: 0.3em; }
summary { cursor: pointer; font-weight: 600; }
details[open] > summary { margin-bottom: 0.7em; }
dt { font-weight: 600; }
dd { margin: 0 0 0.7em; margin-inline-start: 1.25em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: 0.5em 0.7em; text-align: start; vertical-align: top; }
th { background: var(--raised); }
img { max-width: 100%; height: auto; border-radius: 8px; }
.around { display: flex; flex-wrap: wrap; gap: 0.5em 1.5em; justify-content: space-between; margin-top: 4em; padding-top: 1.1em; border-top: 1px solid var(--line); }
.around a { flex: 0 1 auto; max-width: 18em; }
.contents li { margin: 0.6em 0; }
@page { margin: 18mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt; } }
@media print {
  :root { --text: #000; --quiet: #333; --paper: #fff; --raised: #f5f5f5; --line: #bbb; --accent: #000; }
  html { font-size: 11pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  p, li, dd { orphans: 3; widows: 3; }
  h1, h2, h3, h4, h5, h6 { break-after: avoid; margin-top: 1.6em; }
  h1 { margin-top: 0; }
  h2 { padding-top: 0.8em; }
  pre, blockquote, aside, figure, tr, li, dt { break-inside: avoid; }
  dt, summary, thead { break-after: avoid; }
  pre { white-space: pre-wrap; }
  a[href^="http"]::after { content: " (" attr(href) ")"; font-size: 0.85em; overflow-wrap: anywhere; }
  details::details-content { content-visibility: visible; height: auto; }
  .around { display: none; }
}
`;
