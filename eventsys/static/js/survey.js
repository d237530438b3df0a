// Keeps what is filled in until it is handed in, in this tab of this browser only (sessionStorage).
//   data-keep-answers   the form; with data-given the server has filled it in, and what is kept is older
//   data-forget-answers a page that says that the answer is in
'use strict';
(() => {
  const PREFIX = 'enkat:';
  let store;
  try { store = window.sessionStorage; } catch { return; }  // a browser that keeps nothing
  if (document.querySelector('[data-forget-answers]')) {
    Object.keys(store).filter((key) => key.startsWith(PREFIX)).forEach((key) => store.removeItem(key));
  }
  const form = document.querySelector('form[data-keep-answers]');
  if (!form) return;
  const key = PREFIX + location.pathname.replace(/^\/en\//, '/');
  const shown = form.elements.shown.value;  // other questions meanwhile: what was ticked meant other words
  const keep = () => {
    const filled = [...new FormData(form)].filter(([name, value]) => name.startsWith('q') && value);
    try { store.setItem(key, JSON.stringify({ shown, filled })); } catch { /* full: the form itself is still there */ }
  };
  const fill = (kept) => kept.filled.forEach(([name, value]) => {
    form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => {
      const ticked = field.type === 'radio' || field.type === 'checkbox';
      if (ticked && kept.shown !== shown) return;
      if (ticked) field.checked = field.checked || field.value === value;
      else field.value = value;
    });
  });
  if (form.dataset.given !== undefined) keep();
  else { try { fill(JSON.parse(store.getItem(key) || '{"filled":[]}')); } catch { store.removeItem(key); } }
  form.addEventListener('input', keep);
  form.addEventListener('change', keep);
})();
