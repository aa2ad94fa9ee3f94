/** Comforts of the page of one lead; without this script all of it works as well. */

// Time travel by the slider: the number follows at once, the page when it is let go.
document.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !('travel' in target.dataset)) return;
  const number = document.getElementById('travel-seq');
  if (number !== null) number.textContent = target.value;
});

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !('travel' in target.dataset)) return;
  target.form?.requestSubmit();
});

// Where the screen is narrow, the state that is lit is brought into sight.
for (const frame of document.querySelectorAll('.statechart-scroll')) {
  const lit = frame.querySelector('.box.now')?.getBoundingClientRect();
  const seen = frame.getBoundingClientRect();
  if (lit !== undefined) frame.scrollLeft += lit.x + lit.width / 2 - seen.x - seen.width / 2;
}
