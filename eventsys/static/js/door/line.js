// Sends what the phone has kept, in order, until the server has answered for all of it. One tab at a time sends; what
// is sent twice all the same is one row, by its nonce.

import { NoNetwork, Refused, postScans } from './post.js';

const AT_ONCE = 25;
const LONGEST_WAIT = 60_000;

const alone = (name, work) => (navigator.locks
  ? navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : undefined)) : work());

export const startLine = ({ page, store, inHand, told, failed }) => {
  let wait = 2000;
  let timer;

  const send = async (scans) => {
    try {
      return await postScans(page, scans);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (scans.length > 1) {
        const answers = [];
        for (const scan of scans) answers.push(...await send([scan]));
        return answers;
      }
      return setAside(scans[0]);
    }
  };

  // One that cannot be read must not keep the others back. An address is what people mistype: try without it.
  const setAside = async (scan) => {
    if (scan.email) {
      const { email, ...rest } = scan;
      await store.keep(rest);
      return send([rest]);
    }
    await store.keep({ ...scan, failed: true });
    return [];
  };

  const sendAll = async () => {
    for (;;) {
      const kept = (await store.waiting()).filter((scan) => !inHand.has(scan.nonce) && !scan.failed).slice(0, AT_ONCE);
      if (!kept.length) return;
      const answers = await send(kept);
      await store.sent(answers.map((answer) => answer.nonce));
      await told(answers, kept);
    }
  };

  const flush = async () => {
    clearTimeout(timer);
    try {
      await alone(`dorr:${page}`, sendAll);
      wait = 2000;
    } catch (error) {
      if (error instanceof NoNetwork) wait = Math.min(LONGEST_WAIT, wait * 2);
      await failed(error);
    }
    clearTimeout(timer);
    timer = setTimeout(flush, Math.max(wait, 5000));
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(flush, wait);
  };

  addEventListener('online', () => { wait = 2000; flush(); });
  return { flush, soon };
};
