// The list as the phone knows it: what the server said last, and on top of it what was done here since.
// `judge` answers for the server while there is no network.

export const fold = (text) => text.toLowerCase().replaceAll('ø', 'o').replaceAll('æ', 'ae').replaceAll('ß', 'ss')
  .normalize('NFD').replace(/\p{M}/gu, '');

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const sha256 = async (text) => (globalThis.crypto?.subtle
  ? hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))) : '');

const TICKET = /^T1[A-Z2-7]{16}$/;
const SHORT = /^[A-Z2-7]{8}$/;
export const asCode = (typed) => typed.toUpperCase().replace(/[\s-]/g, '');
export const looksLikeTicket = (typed) => TICKET.test(asCode(typed));
export const looksLikeCode = (typed) => looksLikeTicket(typed) || SHORT.test(asCode(typed));

const GONE = ['cancelled', 'declined', 'expired'];
const QUEUES = ['waiting', 'offered'];

export class Roster {
  constructor(list, waiting = []) {
    this.list = list;
    this.people = list.people.map((one) => ({ ...one, text: fold(`${one.name} ${one.c}`) }));
    this.byNumber = new Map(this.people.map((one) => [one.n, one]));
    this.byHash = new Map(this.people.map((one) => [one.h, one]));
    this.guests = 0;
    waiting.forEach((scan) => this.apply(scan));
  }

  get inside() { return this.people.filter((one) => one.in).length + this.guests; }
  get expected() { return this.list.counts.expected + this.guests; }
  get isFull() { return this.inside >= this.expected; }

  person(number) { return this.byNumber.get(number); }

  async whose(typed) {
    const code = asCode(typed);
    if (TICKET.test(code)) return this.byHash.get((await sha256(code)).slice(0, 32));
    const found = await this.#byShortCode(code);
    return found.length === 1 ? found[0] : undefined;
  }

  async #byShortCode(code) {
    if (!SHORT.test(code)) return [];
    const key = (await sha256(code)).slice(0, 4);
    return key ? this.people.filter((one) => one.k === key) : [];
  }

  // Every word stands somewhere in name or company; a short code finds its person.
  async find(query, most = 60) {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const found = words.length ? this.people.filter((one) => words.every((word) => one.text.includes(word))) : [];
    const coded = await this.#byShortCode(asCode(query));
    return [...new Set([...coded, ...found])].slice(0, most);
  }

  // The server has answered: that is part of the list from now on.
  settle({ act, n, at, door }) {
    const row = this.list.people.find((one) => one.n === n);
    if (row) Object.assign(row, act === 'undo' ? { in: null, by: '' } : { in: at, by: door });
    const person = this.person(n);
    if (person) Object.assign(person, { in: row.in, by: row.by });
  }

  // What was done here counts at once, before the server has heard of it.
  apply(scan) {
    if (scan.failed) return;
    if (scan.act === 'walk_in') { this.guests += 1; return; }
    const person = this.person(scan.n);
    if (!person) return;
    person.in = scan.act === 'undo' ? null : person.in || scan.at;
    if (scan.act === 'undo') person.by = '';
    else person.by = person.by || this.list.door.name;
  }

  async judge(scan, isSupervisor) {
    if (scan.act === 'walk_in') return { result: 'welcome', name: scan.name, company: scan.company };
    const person = scan.n ? this.person(scan.n) : await this.whose(scan.code);
    if (!person) return this.#stranger(scan);
    const about = { n: person.n, name: person.name, company: person.c, state: person.s };
    if (scan.act === 'undo') return { ...about, result: person.in && isSupervisor ? 'undone' : 'refused' };
    if (this.list.event.state === 'cancelled') return { ...about, result: 'cancelled', why: 'event_cancelled' };
    if (GONE.includes(person.s)) return { ...about, result: 'cancelled' };
    if (person.in) return { ...about, result: 'already', at: person.in, door: person.by };
    const anyway = scan.anyway && isSupervisor;
    if (QUEUES.includes(person.s) && !anyway) return { ...about, result: 'waiting' };
    if (!this.belongsHere(person) && !anyway) return { ...about, result: 'wrong_session' };
    return { ...about, result: 'welcome' };
  }

  belongsHere(person) { return !this.list.choice || person.ses.includes(this.list.door.session); }

  async #stranger(scan) {
    const reason = scan.code ? this.list.revoked[(await sha256(asCode(scan.code))).slice(0, 32)] : '';
    if (reason) return { result: reason === 'cancelled' ? 'cancelled' : 'revoked' };
    return { result: 'unknown' };
  }
}
