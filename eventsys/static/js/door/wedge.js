// A USB scanner is a keyboard that types a code and presses Enter, wherever the focus is.

import { looksLikeTicket } from './roster.js';

const PAUSE = 1000; // a person types slower than a scanner; what came before a pause is not part of the code

export const listenToScanner = (saw) => {
  let typed = '';
  let at = 0;
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = performance.now();
    if (now - at > PAUSE) typed = '';
    at = now;
    if (event.key === 'Enter') {
      const code = typed.slice(-18);
      typed = '';
      if (!looksLikeTicket(code)) return;
      event.preventDefault();
      event.stopPropagation();
      const field = event.target;
      if (field instanceof HTMLInputElement) {
        const kept = field.value.slice(0, Math.max(0, field.value.length - code.length));
        if (field.value.toUpperCase().endsWith(code.toUpperCase())) {
          field.value = kept;
          field.dispatchEvent(new Event('input', { bubbles: true }));
        }
      }
      saw(code);
    } else if (event.key.length === 1) typed = (typed + event.key).slice(-40);
  }, { capture: true });
};
