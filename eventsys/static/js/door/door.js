// The page at the door. Every act is kept on the phone first, then sent; without network the phone answers by its list.

import { startLine } from './line.js';
import { startPeople } from './people.js';
import { NoNetwork, Refused, Shut, SignedOut, fetchList, postScans } from './post.js';
import { Roster } from './roster.js';
import { button, clock, showAnswer, showLog, waitingText } from './show.js';
import { sound } from './sound.js';
import { emptyPhone, openStore } from './store.js';
import { startViews } from './views.js';
import { listenToScanner } from './wedge.js';

const app = document.getElementById('app');
const part = (name) => app.querySelector(`[data-${name}]`);
const { token, page, icons, reader, wasm, keeper } = app.dataset;
const words = JSON.parse(app.dataset.words);
const isSupervisor = keeper === 'supervisor';
const PATIENCE = 3000;  // milliseconds; after this the phone answers by itself
const ASK_EVERY = 10_000;

const store = await openStore(token);
const others = new BroadcastChannel(`dorr-${token}`);
const inHand = new Set();
const log = [];
let roster = null;
let version = null;
let fetchedAt = null;
let online = navigator.onLine;
let clockIsOff = 0;

document.documentElement.classList.add('js');
document.querySelector('.plain').remove();

const newNonce = () => [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, '0')).join('');
const now = () => new Date(Date.now() + clockIsOff).toISOString();

const deviceName = async () => {
  const known = await store.fact('device');
  if (known) return known;
  const made = newNonce().slice(0, 12);
  await store.keepFact('device', made);
  return made;
};
const device = await deviceName();

// --- how things stand ----------------------------------------------------------------------------------------------

const showStanding = async () => {
  const waiting = await store.waiting();
  const unsent = waiting.filter((scan) => !inHand.has(scan.nonce));
  const age = fetchedAt ? `Lista från ${clock(fetchedAt)}` : 'Ingen lista än';
  const status = part('status');
  status.textContent = `${online ? 'Uppkopplad' : 'Utan nät'}. ${age}.`;
  status.className = `app-status${online ? '' : ' is-offline'}`;
  part('waiting').hidden = !unsent.length;
  part('waiting').textContent = unsent.length ? waitingText(unsent.length) : '';
  if (roster) {
    part('inside').textContent = roster.inside.toLocaleString('sv-SE');
    part('expected').textContent = roster.expected.toLocaleString('sv-SE');
  }
};

const use = async (list) => {
  roster = new Roster(list, await store.waiting());
  await showStanding();
  await people.searchAgain();
};

const takeList = async () => {
  try {
    const found = await fetchList(page, version);
    online = true;
    fetchedAt = Date.now();
    if (found) {
      version = found.version;
      clockIsOff = new Date(found.body.at) - Date.now();
      await store.keepFact('list', { list: found.body, version, fetchedAt });
      await use(found.body);
    }
  } catch (error) {
    await trouble(error);
  }
  await showStanding();
};

const trouble = async (error) => {
  if (error instanceof NoNetwork) online = false;
  else if (error instanceof SignedOut) location.reload(); // asks for the PIN; what waits stays on the phone
  else if (error instanceof Shut) await closed();
  else if (!(error instanceof Refused)) throw error;
  await showStanding();
};

// The door was closed: what waits is sent first, then the page that says so empties the phone.
let isClosing = false;
const closed = async () => {
  if (isClosing) return;
  isClosing = true;
  await store.forgetFact('list');
  location.reload();
};

const begin = async () => {
  const kept = await store.fact('list');
  if (kept && Date.now() > new Date(kept.list.until)) await store.forgetFact('list');
  else if (kept) {
    ({ version, fetchedAt } = kept);
    await use(kept.list);
  }
  if (!store.safe) note('Webbläsaren kan inte spara något. Stäng inte sidan medan du är utan nät.');
  await takeList();
  line.flush();
  setInterval(async () => { if (!document.hidden) await takeList(); if (online) line.flush(); }, ASK_EVERY);
  setInterval(forgetAfterwards, 60_000);
};

const forgetAfterwards = async () => {
  if (roster && Date.now() > new Date(roster.list.until) && !(await store.waiting()).length) {
    await emptyPhone(token, page, store);
    location.reload();
  }
};

const note = (text) => {
  part('note').textContent = text;
  part('note').hidden = false;
};

// --- what a host does ----------------------------------------------------------------------------------------------

let before = Promise.resolve();
const act = (what) => { before = before.then(() => doIt(what)).catch(broken); };
const broken = (error) => {
  note('Något gick fel. Läs in sidan på nytt.');
  throw error;
};

const doIt = async (what) => {
  const scan = { nonce: newNonce(), device, at: now(), offline: false, ...what };
  inHand.add(scan.nonce);
  try {
    await store.keep(scan);
    const answer = online ? await askServer(scan) : null;
    if (answer) await answered(scan, answer);
    else await answerAlone(scan);
  } finally {
    inHand.delete(scan.nonce);
    others.postMessage('changed');
    await showStanding();
    await people.searchAgain();
  }
};

const askServer = async (scan) => {
  try {
    const [answer] = await postScans(page, [scan], PATIENCE);
    await store.sent([scan.nonce]);
    return answer;
  } catch (error) {
    if (error instanceof Refused && scan.email) {
      note('E-postadressen gick inte att läsa, så ingen biljett skickas.');
      const { email, ...rest } = scan;
      await store.keep(rest);
      return askServer(rest);
    }
    if (error instanceof Refused) {
      await store.sent([scan.nonce]);
      return { result: 'refused', name: scan.name ?? '' };
    }
    await trouble(error);
    return null;
  }
};

const answered = async (scan, answer) => {
  if (roster && answer.n && ['welcome', 'already', 'undone'].includes(answer.result)) {
    const act = answer.result === 'undone' ? 'undo' : 'enter';
    roster.settle({ act, n: answer.n, at: answer.at ?? scan.at, door: answer.door });
    await store.keepFact('list', { list: roster.list, version: null, fetchedAt }); // for when the page opens again without network
  }
  tell(scan, answer, false);
  if (scan.act === 'walk_in') await takeList();
};

const answerAlone = async (scan) => {
  if (!roster) {
    await store.sent([scan.nonce]);
    note('Ingen lista finns i telefonen än. Anslut till nätet en gång först.');
    return;
  }
  const answer = await roster.judge(scan, isSupervisor);
  if (['welcome', 'undone'].includes(answer.result)) {
    const kept = { ...scan, offline: true, ...(answer.n ? { n: answer.n } : {}) };
    await store.keep(kept);
    roster.apply(kept);
    tell(scan, answer, true);
    line.soon();
  } else {
    await store.sent([scan.nonce]);
    tell(scan, answer, false);
  }
};

let shown;
const tell = (scan, answer, unconfirmed) => {
  const kind = showAnswer(part('answer'), answer, { words, icons, list: roster?.list, unconfirmed, actions: actionsFor(scan, answer) });
  shown = scan.nonce;
  log.unshift({ at: now(), nonce: scan.nonce, answer, unconfirmed });
  log.length = Math.min(log.length, 30);
  showLog(part('log'), log, words);
  if (part('sound').checked) sound(kind);
};

// What the phone alone had answered is now known to the server too.
const settle = (byNonce) => {
  log.filter((one) => byNonce.has(one.nonce)).forEach((one) => { one.unconfirmed = false; });
  if (byNonce.has(shown)) part('answer').querySelector('.answer-unconfirmed')?.remove();
};

const actionsFor = (scan, answer) => {
  if (!isSupervisor) return [];
  const offer = (text, press) => [button(text, 'button-secondary', press)];
  const lacksPlace = ['waiting', 'wrong_session'].includes(answer.result) && answer.n && !scan.anyway;
  if (lacksPlace) return offer('Släpp in ändå', () => people.openPerson(answer.n));
  const isFull = answer.why === 'full' && scan.act === 'walk_in';
  if (isFull) return offer('Släpp in ändå', () => act({ ...plain(scan), anyway: true }));
  if (answer.result === 'welcome' && answer.n) return offer('Ångra', () => act({ act: 'undo', n: answer.n }));
  return [];
};
const plain = ({ act: kind, name, company, email }) => ({ act: kind, name, company, email });

const line = startLine({
  page,
  store,
  inHand,
  failed: trouble,
  told: async (answers, scans) => {
    online = true;
    const byNonce = new Map(scans.map((scan) => [scan.nonce, scan]));
    settle(byNonce);
    const odd = answers.filter((answer) => byNonce.get(answer.nonce)?.offline && !['welcome', 'undone'].includes(answer.result));
    odd.forEach((answer) => log.unshift({ at: now(), answer, unconfirmed: false }));
    const told = odd.map(({ name, result }) => `${name || 'en biljett'} (${words.results[result][1].toLowerCase()})`);
    if (odd.length) note(`Att reda ut: ${told.join(', ')}. Den ansvariga ser det på sidan Insläpp.`);
    showLog(part('log'), log, words);
    others.postMessage('changed');
    await takeList();
  },
});

others.onmessage = async () => { if (roster) await use(roster.list); await takeList(); };

const people = startPeople({ app, part, words, isSupervisor, roster: () => roster, act });

// --- without registration ------------------------------------------------------------------------------------------

part('walk-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  const [name, company, email] = ['name', 'company', 'email'].map((field) => form.elements[field].value.trim());
  if (!name) { form.elements.name.focus(); return; }
  form.reset();
  form.elements.name.focus();
  act({ act: 'walk_in', name, company, email });
});

// --- camera and scanner --------------------------------------------------------------------------------------------

const saw = (text) => act({ act: 'enter', code: text.slice(0, 80) });
startViews({ app, part, addresses: { reader, wasm }, saw });
document.addEventListener('visibilitychange', () => { if (!document.hidden) takeList(); });
listenToScanner(saw);
addEventListener('online', takeList);
addEventListener('offline', () => { online = false; showStanding(); });

// --- settings, locking ---------------------------------------------------------------------------------------------

part('sound').checked = Boolean(await store.fact('sound'));
part('sound').addEventListener('change', () => { store.keepFact('sound', part('sound').checked); if (part('sound').checked) sound('good'); });

part('lock').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  await line.flush();
  const { length } = await store.waiting();
  if (length && form.dataset.asked !== '1') {
    form.dataset.asked = '1';
    part('lock-text').textContent = `${length} insläpp är inte skickade än och går förlorade om du låser nu. `
      + 'Anslut till nätet först, eller tryck en gång till för att låsa ändå.';
    return;
  }
  await emptyPhone(token, page, store);
  others.postMessage('changed');
  form.submit();
});

// --- begin ---------------------------------------------------------------------------------------------------------

const keepPage = async () => {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register(`${page}/arbetare.js`, { scope: page });
  await navigator.serviceWorker.ready;
  part('ready').hidden = false;
  navigator.storage?.persist?.().catch(() => {});
};
keepPage().catch(() => {});
await begin();
app.dataset.begun = '1';
