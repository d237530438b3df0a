// What makes staff pages quicker. site.js comes first. Asked for by data- attributes:
//   data-search               the field that "/" goes to
//   data-dialog="id"          a button or link: opens the <dialog>; data-dialog-close inside it closes it
//   data-autosubmit           a form: sent when a select, tick box or date changes
//   data-print                a button: opens the browser's print
//   data-pick-all, data-pick  tick boxes of a table; data-bulk the bar, data-bulk-count its number
'use strict';

// A table that fits its place needs no scrolling of its own, so its headings may stay in sight (staff.css).
const fitting = new ResizeObserver((seen) => seen.forEach(({ target }) => {
  const wrap = target.closest('.table-wrap');
  wrap.toggleAttribute('data-fits', wrap.scrollWidth <= wrap.clientWidth);
}));
document.querySelectorAll('.table-wrap, .table-wrap > table').forEach((one) => fitting.observe(one));

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable], dialog')) return;
  const field = document.querySelector('[data-search]');
  if (field) { event.preventDefault(); field.focus(); field.select(); }
});

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-dialog]');
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      // A dialog may say how many: data-bulk-count in it gets the number of ticked rows.
      const number = document.querySelector('[data-bulk] [data-bulk-count]');
      if (number) dialog.querySelectorAll('[data-bulk-count]').forEach((n) => { n.textContent = number.textContent; });
      dialog.showModal();
    }
  }
  const closer = event.target.closest('[data-dialog-close]');
  if (closer) { event.preventDefault(); closer.closest('dialog').close(); }
  if (event.target.matches('dialog')) event.target.close();
  if (event.target.closest('[data-print]')) print();
});

document.addEventListener('change', (event) => {
  const form = event.target.closest('form[data-autosubmit]');
  if (form && event.target.matches('select, [type=checkbox], [type=radio], [type=date]')) form.requestSubmit();
});

document.querySelectorAll('form').forEach((form) => {
  const picks = () => [...form.querySelectorAll('[data-pick]')];
  const whole = form.querySelector('[data-pick-all]');
  const bar = form.querySelector('[data-bulk]');
  if (!bar) return;
  let last = null;
  const count = () => {
    const ticked = picks().filter((pick) => pick.checked).length;
    bar.toggleAttribute('data-empty', ticked === 0);
    bar.querySelector('[data-bulk-count]').textContent = ticked.toLocaleString('sv-SE');
    if (whole) {
      whole.checked = ticked > 0 && ticked === picks().length;
      whole.indeterminate = ticked > 0 && ticked < picks().length;
    }
  };
  whole?.addEventListener('change', () => { picks().forEach((pick) => { pick.checked = whole.checked; }); count(); });
  form.addEventListener('click', (event) => {
    if (!event.target.matches('[data-pick]')) return;
    // Shift ticks everything from the last one to this one.
    if (event.shiftKey && last) {
      const list = picks();
      const [from, to] = [list.indexOf(last), list.indexOf(event.target)].sort((a, b) => a - b);
      list.slice(from, to + 1).forEach((pick) => { pick.checked = event.target.checked; });
    }
    last = event.target;
    count();
  });
  addEventListener('pageshow', count);
  count();
});
