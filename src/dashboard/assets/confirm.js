/** Asks in a dialog what is otherwise asked on a page of its own; and small comforts of the list. */

function dialogWith(form, action) {
  const dialog = document.createElement('dialog');
  form.setAttribute('action', action);
  dialog.setAttribute('aria-labelledby', 'confirm-title');
  dialog.append(form);
  form.querySelector('[data-cancel]').addEventListener('click', (event) => {
    event.preventDefault();
    dialog.close();
  });
  form.addEventListener('submit', () => {
    form.querySelector('[type=submit]').disabled = true;
  });
  dialog.addEventListener('close', () => dialog.remove());
  return dialog;
}

async function ask(link) {
  const response = await fetch(link.href, { headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const form = page.getElementById('confirm');
  // What cannot be asked any more says why on its own page.
  if (form === null) {
    location.assign(link.href);
    return;
  }
  const dialog = dialogWith(document.importNode(form, true), link.href);
  document.body.append(dialog);
  dialog.showModal();
  // The safe answer is where Enter lands.
  dialog.querySelector('[data-cancel]').focus();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-confirm]');
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  ask(link).catch(() => location.assign(link.href));
});

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-autosubmit] select')) event.target.form.requestSubmit();
});
