// The page of a door that is closed: what is left to send is sent, then the phone is emptied.

import { postScans } from './post.js';
import { emptyPhone, openStore } from './store.js';

const token = document.body.dataset.door;
const page = `/dorr/${token}`;
const store = await openStore(token);
await store.forgetFact('list');
const waiting = await store.waiting();
const say = (text) => { document.getElementById('waiting').textContent = text; };

try {
  if (waiting.length) await store.sent((await postScans(page, waiting.slice(0, 100))).map((answer) => answer.nonce));
} catch {
  // no network, or signed out: they stay
}
const left = (await store.waiting()).length;
if (left) say(`${left === 1 ? 'Ett insläpp är' : `${left} insläpp är`} inte sparade än. Säg till den som ansvarar för evenemanget innan du lämnar telefonen.`);
else if (document.querySelector('[data-shut]').dataset.shut !== 'early') await emptyPhone(token, page, store);
