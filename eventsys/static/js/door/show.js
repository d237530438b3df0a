// Drawing: the answer, the people found, one person, and how things stand.

const ICONS = { good: 'done', warn: 'alert', bad: 'error', info: 'undo' };
const GONE = ['cancelled', 'declined', 'expired'];
const QUEUES = ['waiting', 'offered'];

export const clock = (moment) => new Date(moment).toLocaleTimeString('sv-SE', {
  hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Stockholm',
}).replace(':', '.');

const day = (moment) => new Date(moment).toLocaleDateString('sv-SE', {
  weekday: 'long', day: 'numeric', month: 'long', timeZone: 'Europe/Stockholm',
});

export const make = (tag, text = '', className = '') => {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return element;
};

const icon = (icons, name) => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${icons}#${name}`);
  svg.append(use);
  return svg;
};

export const button = (text, className, press) => {
  const element = make('button', text, `button ${className}`);
  element.type = 'button';
  element.addEventListener('click', press);
  return element;
};

export const badgeOf = (person) => {
  if (person.in) return ['good', `Inne ${clock(person.in)}`];
  if (GONE.includes(person.s)) return ['neutral', 'Avbokad'];
  if (QUEUES.includes(person.s)) return ['warn', 'Står i kö'];
  return ['info', 'Väntas'];
};

const badge = (person) => {
  const [kind, text] = badgeOf(person);
  return make('span', text, `badge badge-${kind}`);
};

const cameAt = (answer) => {
  const parts = [answer.at ? `Kom ${clock(answer.at)}` : 'Har redan kommit', answer.door].filter(Boolean);
  return `${parts.join(', ')}.`;
};

const details = (answer, words, list) => {
  const lines = [];
  if (answer.result === 'already') lines.push(cameAt(answer));
  if (answer.other) lines.push(`${answer.other.title}, ${day(answer.other.starts)} kl. ${clock(answer.other.starts)}.`);
  const chosen = list?.people.find((one) => one.n === answer.n)?.ses ?? [];
  if (['welcome', 'wrong_session'].includes(answer.result) && chosen.length) {
    lines.push(`Har valt: ${chosen.map((id) => list.sessions[id]).filter(Boolean).join('; ')}.`);
  }
  const advice = words.why[answer.why] || words.results[answer.result][2];
  if (advice) lines.push(advice);
  return lines;
};

// kind colours it, the icon and the word say the same. `unconfirmed`: the phone alone has answered.
export const showAnswer = (place, answer, { words, icons, list, unconfirmed, actions }) => {
  const [kind, word] = words.results[answer.result];
  const text = make('div');
  text.append(make('p', word, 'answer-word'));
  if (answer.name) text.append(make('p', answer.name, 'answer-name'));
  if (answer.company) text.append(make('p', answer.company));
  details(answer, words, list).forEach((line) => text.append(make('p', line, 'answer-detail')));
  if (unconfirmed) text.append(make('p', 'Sparad, inte bekräftad än.', 'answer-unconfirmed'));
  place.className = `answer answer-${kind}`;
  place.hidden = false;
  place.replaceChildren(icon(icons, ICONS[kind]), text, ...(actions.length ? [make('div', '', 'row')] : []));
  if (actions.length) place.lastChild.append(...actions);
  return kind;
};

export const showHits = (place, people, press) => {
  place.replaceChildren(...people.map((person) => {
    const row = make('li');
    const open = make('button', '', 'hit');
    open.type = 'button';
    const name = make('span');
    name.append(make('b', person.name), make('span', person.c, 'muted'));
    open.append(name, badge(person));
    open.addEventListener('click', () => press(person.n));
    row.append(open);
    return row;
  }));
};

export const showLog = (place, log, words) => {
  place.replaceChildren(...log.map(({ at, answer, unconfirmed }) => {
    const word = words.results[answer.result][1];
    const name = answer.name ? `${answer.name}: ` : '';
    return make('li', `${clock(at)}  ${name}${word}${unconfirmed ? ' (inte bekräftad än)' : ''}`);
  }));
};

export const waitingText = (number) => `Sparad, inte bekräftad än (${number})`;
