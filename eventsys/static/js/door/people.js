// Searching the list, and the dialog about one person.

import { looksLikeCode } from './roster.js';
import { badgeOf, button, make, showHits } from './show.js';

const MOST = 60;
const isQueued = (person) => ['waiting', 'offered'].includes(person.s);
const isGone = (person) => ['cancelled', 'declined', 'expired'].includes(person.s);

// startPeople({ app, part, words, isSupervisor, roster, act }): `roster` answers the list of now, or null.
export const startPeople = ({ app, part, words, isSupervisor, roster, act }) => {
  const search = async () => {
    const query = part('q').value;
    const found = roster() ? await roster().find(query, MOST) : [];
    if (query !== part('q').value) return;
    showHits(part('hits'), found, openPerson);
    part('hits-count').textContent = query.trim() ? `${found.length === MOST ? `Minst ${MOST}` : found.length} träffar` : '';
  };

  const openPerson = (number) => {
    const person = roster()?.person(number);
    if (!person) return;
    const dialog = part('person');
    part('person-name').textContent = person.name;
    part('person-about').replaceChildren(make('p', person.c), make('p', badgeOf(person)[1]), ...warnings(person));
    const press = (what) => () => { dialog.close(); act({ n: number, ...what }); };
    const cancel = button('Avbryt', 'button-secondary', () => dialog.close());
    part('person-acts').replaceChildren(...acts(person, press), cancel);
    dialog.showModal();
  };

  const warnings = (person) => {
    const { list } = roster();
    const chosen = person.ses.map((id) => list.sessions[id]).filter(Boolean);
    const lines = chosen.length ? [make('p', `Har valt: ${chosen.join('; ')}`)] : [];
    if (person.in || isGone(person)) return lines;
    if (isQueued(person)) lines.push(make('p', isSupervisor ? beyond() : words.results.waiting[2], 'answer-unconfirmed'));
    else if (!roster().belongsHere(person)) lines.push(make('p', words.results.wrong_session[2], 'answer-unconfirmed'));
    return lines;
  };

  const beyond = () => `Personen står i kö. ${roster().expected} väntas och ${roster().inside} är inne; släpper du in blir det en till, även om det är fullt.`;

  const acts = (person, press) => {
    if (person.in) return isSupervisor ? [button('Ångra insläppet', 'button-danger', press({ act: 'undo' }))] : [];
    if (isGone(person)) return [];
    if (!isQueued(person) && roster().belongsHere(person)) return [button('Släpp in', '', press({ act: 'enter' }))];
    return isSupervisor ? [button('Släpp in ändå', '', press({ act: 'enter', anyway: true }))] : [];
  };

  part('q').addEventListener('input', search);
  part('search-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const query = part('q').value;
    const hits = app.querySelectorAll('.hit');
    if (hits.length === 1) hits[0].click();
    else if (!hits.length && looksLikeCode(query)) {
      part('q').value = '';
      search();
      act({ act: 'enter', code: query });
    }
  });

  const searchAgain = async () => { if (part('q').value.trim()) await search(); };
  return { searchAgain, openPerson };
};
