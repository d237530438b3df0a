// What makes public pages smoother. Every page works without it. Everything is asked for by data- attributes:
//   data-once            a form: a second press while the first is on its way does nothing
//   data-focus           gets the focus when the page opens (the error summary)
//   data-copy="text"     a button: copies the text, or the value of the element in data-copy-from="#id"; data-copied is the answer
//   data-share="url"     a button: the phone's own share sheet, otherwise copies; data-share-title
//   data-show-when="name=value"   shown only while the field has the value (tick box: its value, or "on")
//   data-refresh="url"   its content is fetched again every data-refresh-seconds (30) while the page is seen
//   data-repeat          a container of data-repeat-item, see below
'use strict';
document.documentElement.classList.add('js');

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// One polite voice for what happened on the page.
const voice = document.createElement('div');
voice.className = 'hidden-visually';
voice.setAttribute('role', 'status');
document.body.append(voice);
const say = (text) => { voice.textContent = ''; setTimeout(() => { voice.textContent = text; }, 50); };

all('[data-focus]').slice(0, 1).forEach((element) => element.focus());

// A second press while the first is on its way does nothing. Coming back by the browser's button opens the form again.
document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-once]');
  if (!form || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = '1';
  all('[type=submit]', form).forEach((button) => button.setAttribute('aria-disabled', 'true'));
});
addEventListener('pageshow', () => all('form[data-sent]').forEach((form) => {
  delete form.dataset.sent;
  all('[type=submit]', form).forEach((button) => button.removeAttribute('aria-disabled'));
}));

const copy = async (button, text) => {
  await navigator.clipboard.writeText(text);
  const answer = button.dataset.copied || 'Kopierat';
  const before = [...button.childNodes];
  button.textContent = answer;
  say(answer);
  setTimeout(() => button.replaceChildren(...before), 2500);
};
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy], [data-copy-from], [data-share]');
  if (!button) return;
  if (button.dataset.share !== undefined) {
    const url = new URL(button.dataset.share || location.href, location.href).href;
    if (navigator.share) navigator.share({ url, title: button.dataset.shareTitle || document.title }).catch(() => {});
    else copy(button, url);
    return;
  }
  const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
  copy(button, source ? source.value ?? source.textContent.trim() : button.dataset.copy);
});

const shownWhen = () => all('[data-show-when]').forEach((part) => {
  const [name, value] = part.dataset.showWhen.split('=');
  const fields = all(`[name="${CSS.escape(name)}"]`);
  const now = fields.filter((f) => (f.type === 'radio' || f.type === 'checkbox' ? f.checked : true)).map((f) => f.value);
  part.hidden = !now.includes(value);
});
document.addEventListener('change', shownWhen);
shownWhen();

all('[data-refresh]').forEach((part) => {
  setInterval(async () => {
    // What stands under the keyboard is not taken away: the next round comes soon.
    if (document.hidden || part.contains(document.activeElement)) return;
    try {
      const answer = await fetch(part.dataset.refresh, { headers: { 'X-Requested-With': 'fetch' } });
      if (!answer.ok) return;
      const text = await answer.text();
      if (text !== part.dataset.last && !part.contains(document.activeElement)) { part.innerHTML = text; part.dataset.last = text; }
    } catch { /* no network: what is shown stays */ }
  }, 1000 * (part.dataset.refreshSeconds || 30));
});

// Cards that can be added, copied and removed (the persons of a booking).
//   <div data-repeat="people" data-repeat-max="10">                  fields are named people-0-name, people-1-name ...
//     <div data-repeat-item> <span data-repeat-number>1</span> ...
//       <button data-repeat-copy> <button data-repeat-remove>        submit buttons with a name, so that the server
//     </div>                                                         can do the same without JavaScript
//     <button data-repeat-add>
//     data-repeat-with="name" on the container: a tick box beside it that takes one of the places while it is ticked
//     <template>a blank card</template>                            for a container that may be empty (data-repeat-min="0")
//   </div>
// data-keep on a field: its value goes along in a copy even so; data-repeat-blank: is emptied also in a copy (name, e-mail).
all('[data-repeat]').forEach((box) => {
  const prefix = box.dataset.repeat;
  const max = Number(box.dataset.repeatMax || 20);
  const min = Number(box.dataset.repeatMin || 1);
  const beside = box.dataset.repeatWith && document.querySelector(`[name="${CSS.escape(box.dataset.repeatWith)}"]`);
  const room = () => max - (beside?.checked ? 1 : 0);
  const blank = box.querySelector('template')?.content.firstElementChild;
  const items = () => all('[data-repeat-item]', box);
  const rename = (item, index) => {
    const pattern = new RegExp(`(^|\\s|#)${prefix}-\\d+(?=-|$)`, 'g');
    [item, ...all('*', item)].forEach((element) => {
      for (const name of ['name', 'id', 'for', 'aria-describedby', 'aria-labelledby', 'data-show-when']) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(pattern, `$1${prefix}-${index}`));
      }
    });
  };
  const count = () => {
    const list = items();
    // Out of the way first: radio buttons that share a name for a moment would lose what is chosen.
    list.forEach((item, index) => rename(item, 1000 + index));
    list.forEach((item, index) => {
      rename(item, index);
      all('[data-repeat-number]', item).forEach((number) => { number.textContent = index + 1; });
      all('[data-repeat-remove]', item).forEach((button) => { button.hidden = list.length <= min; });
    });
    all('[data-repeat-add], [data-repeat-copy]', box).forEach((button) => { button.hidden = list.length >= room(); });
    box.dispatchEvent(new CustomEvent('repeat', { bubbles: true, detail: { count: list.length } }));
  };
  const fresh = (from, keepValues) => {
    const item = from.cloneNode(true);
    rename(item, items().length);
    all('.field-error', item).forEach((error) => error.remove());
    all('.has-error', item).forEach((field) => field.classList.remove('has-error'));
    all('[aria-invalid]', item).forEach((field) => field.removeAttribute('aria-invalid'));
    const before = all('input, select, textarea', from);
    all('input, select, textarea', item).forEach((field, index) => {
      const keep = (keepValues && field.dataset.repeatBlank === undefined) || field.dataset.keep !== undefined;
      if (field.type === 'radio' || field.type === 'checkbox') field.checked = keep && before[index].checked;
      else if (field.tagName === 'SELECT') field.selectedIndex = keep ? before[index].selectedIndex : 0;
      else if (field.type !== 'hidden') field.value = keep ? before[index].value : '';
      else if (/-id$/.test(field.name)) field.value = '';
    });
    return item;
  };
  beside?.addEventListener('change', count);
  box.addEventListener('click', (event) => {
    const button = event.target.closest('[data-repeat-add], [data-repeat-copy], [data-repeat-remove]');
    if (!button) return;
    event.preventDefault();
    const list = items();
    const own = button.closest('[data-repeat-item]');
    if (button.dataset.repeatRemove !== undefined) {
      const next = list[list.indexOf(own) - 1] || list[1] || box;
      own.remove();
      count();
      (next.querySelector('input:not([type=hidden]), select, textarea') || box.querySelector('[data-repeat-add]'))?.focus();
      say(box.dataset.repeatRemoved || '');
      return;
    }
    const last = own || list[list.length - 1];
    const item = fresh(last || blank, button.dataset.repeatCopy !== undefined);
    if (last) last.after(item); else box.querySelector('[data-repeat-add]').parentElement.before(item);
    count();
    item.querySelector('input:not([type=hidden]), select, textarea')?.focus();
    say(box.dataset.repeatAdded || '');
  });
  count();
});
