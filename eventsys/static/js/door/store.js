// What the phone keeps, in IndexedDB, one database for each door: the list, and what has not been sent yet.
// A scan is on the disk before anybody is told anything; it leaves the disk when the server has answered for it.

const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const done = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = resolve;
  transaction.onabort = transaction.onerror = () => reject(transaction.error);
});

const open = (name) => {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('facts');
    request.result.createObjectStore('scans', { keyPath: 'nonce' });
  };
  return asked(request);
};

const byTime = (one, other) => (one.at < other.at ? -1 : 1);

const onDisk = (database) => {
  const write = async (where, change) => {
    const transaction = database.transaction(where, 'readwrite', { durability: 'strict' });
    change(transaction.objectStore(where));
    await done(transaction);
  };
  const read = (where, key) => asked(database.transaction(where).objectStore(where).get(key));
  return {
    safe: true,
    fact: (name) => read('facts', name),
    keepFact: (name, value) => write('facts', (facts) => facts.put(value, name)),
    forgetFact: (name) => write('facts', (facts) => facts.delete(name)),
    keep: (scan) => write('scans', (scans) => scans.put(scan)),
    sent: (nonces) => write('scans', (scans) => nonces.forEach((nonce) => scans.delete(nonce))),
    waiting: async () => (await asked(database.transaction('scans').objectStore('scans').getAll())).sort(byTime),
  };
};

// A browser that keeps nothing (a private window) still works as long as the page is open.
const inMemory = () => {
  const facts = new Map();
  const scans = new Map();
  return {
    safe: false,
    fact: async (name) => facts.get(name),
    keepFact: async (name, value) => { facts.set(name, value); },
    forgetFact: async (name) => { facts.delete(name); },
    keep: async (scan) => { scans.set(scan.nonce, scan); },
    sent: async (nonces) => nonces.forEach((nonce) => scans.delete(nonce)),
    waiting: async () => [...scans.values()].sort(byTime),
  };
};

export const openStore = async (token) => {
  try {
    return onDisk(await open(`dorr-${token}`));
  } catch {
    return inMemory();
  }
};

// Everything of this door leaves the phone: list, scans, kept pages.
export const emptyPhone = async (token, page, store) => {
  await store.forgetFact('list');
  await store.sent((await store.waiting()).map((scan) => scan.nonce));
  if ('caches' in window) {
    const names = (await caches.keys()).filter((name) => name.startsWith(`dorr:${page}:`));
    await Promise.all(names.map((name) => caches.delete(name)));
  }
  const worker = await navigator.serviceWorker?.getRegistration(page);
  if (worker && new URL(worker.scope).pathname === page) await worker.unregister();
};
