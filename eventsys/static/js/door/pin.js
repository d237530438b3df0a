// The page that asks for the PIN: whoever is signed out keeps no list, and is told what has not been sent yet.

import { openStore } from './store.js';

const store = await openStore(document.body.dataset.door);
await store.forgetFact('list');
const { length } = await store.waiting();
if (length) {
  const text = document.createElement('p');
  text.className = 'app-note';
  text.textContent = `${length === 1 ? 'Ett insläpp väntar' : `${length} insläpp väntar`} på att sparas. Skriv PIN-koden så skickas de.`;
  document.getElementById('waiting').append(text);
}
