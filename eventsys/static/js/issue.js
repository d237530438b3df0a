// The page on which an issue is written; site.js and staff.js come first. Without it every form has its button.
//   form[data-autosave="name"]   saved a moment after the last key; what the server has not answered lies in this browser
//     data-save-state            says how it stands
//   textarea[data-rich="html"]   becomes a rich-text editor (Trix) that begins with this HTML
//   form[data-order]             its list can be put in order by dragging
//   iframe[data-live]            is fetched again after each save
'use strict';

const PAUSE = 900;
const AGAIN = 5000;

// --- the rich-text editor ---------------------------------------------------------------------------------------

const TOOLS = [
  ['bold', 'Fetstil', 'attribute'], ['italic', 'Kursiv', 'attribute'], ['heading1', 'Rubrik', 'attribute'],
  ['bullet', 'Punkter', 'attribute'], ['number', 'Nummer', 'attribute'], ['quote', 'Citat', 'attribute'],
  ['link', 'Länk', 'action'], ['undo', 'Ångra', 'action'], ['redo', 'Gör om', 'action'],
];

if (window.Trix) {
  Trix.config.blockAttributes.heading1.tagName = 'h3';
  Trix.config.toolbar.getDefaultHTML = () => {
    const keys = { bold: 'b', italic: 'i', link: 'k', undo: 'z', redo: 'shift+z' };
    const buttons = TOOLS.map(([name, label, kind]) => {
      const asks = kind === 'attribute' ? `data-trix-attribute="${name}"` : `data-trix-action="${name}"`;
      const opens = name === 'link' ? 'data-trix-attribute="href" data-trix-action="link"' : asks;
      return `<button type="button" ${opens}${keys[name] ? ` data-trix-key="${keys[name]}"` : ''}>${label}</button>`;
    });
    return `<div class="rich-buttons">${buttons.join('')}</div>
      <div data-trix-dialogs><div data-trix-dialog="href" data-trix-dialog-attribute="href">
        <label>Adress eller e-post<input class="input" type="text" name="href" inputmode="url" required data-trix-input disabled></label>
        <input type="button" value="Länka" data-trix-method="setAttribute">
        <input type="button" value="Ta bort länken" data-trix-method="removeAttribute">
      </div></div>`;
  };
}

// A textarea becomes an editor over a hidden field of the same name; answers when it stands.
const enrich = (area) => new Promise((done) => {
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = area.name;
  field.id = `${area.id}-html`;
  field.value = area.dataset.rich;
  const box = document.createElement('div');
  box.className = 'rich';
  const editor = document.createElement('trix-editor');
  editor.id = area.id;
  editor.setAttribute('input', field.id);
  editor.setAttribute('role', 'textbox');
  editor.setAttribute('aria-multiline', 'true');
  editor.setAttribute('aria-label', 'Text');
  if (area.getAttribute('aria-describedby')) editor.setAttribute('aria-describedby', area.getAttribute('aria-describedby'));
  editor.addEventListener('trix-initialize', () => done(editor), { once: true });
  editor.addEventListener('trix-file-accept', (event) => event.preventDefault());
  editor.addEventListener('trix-attachment-add', (event) => event.attachment.remove());
  area.form.elements.body_kind.value = 'html';
  box.append(field, editor);
  area.replaceWith(box);
});

// --- saving -----------------------------------------------------------------------------------------------------

const UNSAVED = new Set(['csrf_token', 'picture', 'gor', 'href']);

const autosave = (form, editor) => {
  const key = `eventsys:${form.dataset.autosave}`;
  const state = form.querySelector('[data-save-state]');
  const file = form.querySelector('input[type=file]');
  let timer = 0;
  let saving = null;
  let waits = false;
  let stopped = false; // somebody else has changed the same: the next save is a choice, made by the button

  const entries = () => [...new FormData(form)].filter(([name]) => !UNSAVED.has(name));
  const written = () => JSON.stringify(entries().filter(([name]) => name !== 'seen'));
  let kept = written();
  const tell = (text, bad = false, href = '') => {
    state.textContent = text;
    state.classList.toggle('is-bad', bad);
    if (!href) return;
    const link = document.createElement('a');
    link.href = href;
    link.target = '_blank';
    link.textContent = 'Logga in i en ny flik';
    state.append(' ', link);
  };

  // What the server has not answered stays in this browser.
  const lay = () => { try { localStorage.setItem(key, JSON.stringify(entries())); } catch { /* no room: the page itself has it */ } };
  const drop = () => { try { localStorage.removeItem(key); } catch { /* nothing there */ } };
  const found = () => { try { return JSON.parse(localStorage.getItem(key) || 'null'); } catch { return null; } };
  const fill = (values) => values.forEach(([name, value]) => {
    const field = form.elements[name];
    if (name === 'body' && editor) editor.editor.loadHTML(value);
    else if (field && field.type !== 'file') field.value = value;
  });

  const clearErrors = () => {
    all('[data-found]', form).forEach((error) => error.remove());
    all('.has-error', form).forEach((box) => box.classList.remove('has-error'));
    all('[aria-invalid]', form).forEach((field) => { field.removeAttribute('aria-invalid'); });
  };
  const showError = (name, text) => {
    const field = form.elements[name] && (form.elements[name].length && !form.elements[name].type ? form.elements[name][0] : form.elements[name]);
    const box = field?.closest('.field, .choices');
    if (!box) return;
    const error = document.createElement('p');
    error.className = 'field-error';
    error.dataset.found = '';
    error.textContent = text;
    (box.querySelector('label, legend') || box.firstElementChild).after(error);
    box.classList.add('has-error');
    if (field.type !== 'hidden') field.setAttribute('aria-invalid', 'true');
  };
  const showErrors = (errors) => {
    Object.entries(errors).forEach(([name, text]) => showError(name, text));
    tell(`Inte sparat. ${Object.values(errors).join(' ')}`, true);
    if (errors.picture && file) file.value = '';
  };
  const showConflicts = (conflicts) => {
    form.querySelector('[data-conflict]')?.remove();
    const notice = document.createElement('div');
    notice.className = 'notice notice-warn';
    notice.dataset.conflict = '';
    notice.setAttribute('role', 'alert');
    const inside = document.createElement('div');
    const add = (tag, text, into = inside) => { const made = document.createElement(tag); made.textContent = text; into.append(made); return made; };
    add('p', 'Någon annan har ändrat samma sak').className = 'notice-title';
    conflicts.forEach((one) => {
      const line = add('p', '');
      add('strong', one.label, line);
      line.append(document.createElement('br'), `Sparat nu: ${one.saved}`, document.createElement('br'), `Du har skrivit: ${one.written}`);
    });
    const choice = add('p', 'Tryck på Spara om det du har skrivit ska gälla. Vill du hellre ha det som är sparat, ');
    const link = add('a', 'läs in det i stället', choice);
    link.href = location.pathname + location.search;
    link.dataset.dropDraft = '';
    choice.append('.');
    const mark = document.querySelector('.icon use[href*="#alert"], .icon use')?.closest('svg').cloneNode(true);
    if (mark) { mark.querySelector('use').setAttribute('href', mark.querySelector('use').getAttribute('href').replace(/#.*/, '#alert')); notice.append(mark); }
    notice.append(inside);
    form.prepend(notice);
    tell('Inte sparat. Någon annan har ändrat samma sak.', true);
  };

  const showSaved = (answer, sent) => {
    form.elements.seen.value = answer.seen;
    form.querySelector('[data-conflict]')?.remove();
    if (file?.files.length && sent.withFile) file.value = '';
    for (const name of ['heading', 'lead']) { // a chosen event gives its words
      const field = form.elements[name];
      if (field && answer[name] !== undefined && field.value === '' && answer[name]) field.value = answer[name];
    }
    if (answer.state && sent.withFile) [...form.querySelectorAll('[name=state]')].forEach((radio) => { radio.checked = radio.value === answer.state; });
    const picture = form.querySelector('[data-picture]');
    if (picture && answer.picture) {
      const image = picture.querySelector('img');
      if (image.getAttribute('src') !== new URL(answer.picture.url).pathname) image.src = new URL(answer.picture.url).pathname;
      image.width = answer.picture.width;
      image.height = answer.picture.height;
      image.alt = form.elements.alt.value || 'Bilden, som saknar beskrivning';
      picture.hidden = false;
    }
    const missing = form.querySelector('[data-missing]');
    if (missing && answer.missing) {
      form.querySelector('#saknas').hidden = !answer.missing.length;
      missing.replaceChildren(...answer.missing.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
    }
    const item = form.dataset.article && document.querySelector(`.article-list [data-id="${form.dataset.article}"]`);
    if (item) {
      item.querySelector('[data-heading]').textContent = answer.heading || 'Utan rubrik';
      const badge = item.querySelector('.badge');
      badge.textContent = answer.label;
      badge.className = `badge badge-${{ idea: 'neutral', draft: 'warn', ready: 'good' }[answer.state]}`;
    }
    tell(`Sparat kl. ${answer.saved_at}`);
    document.dispatchEvent(new Event('saved'));
  };

  const send = async (sent) => {
    let answer;
    try {
      answer = await fetch(form.action, { method: 'POST', body: sent.body, headers: { Accept: 'application/json' } });
    } catch {
      tell('Inte sparat än: ingen kontakt. Texten ligger kvar i webbläsaren, och vi försöker igen.', true);
      return AGAIN;
    }
    const type = answer.headers.get('Content-Type') || '';
    const told = type.includes('json') ? await answer.json() : {};
    clearErrors();
    if (answer.ok) {
      if (written() === sent.written) { drop(); kept = sent.written; }
      showSaved(told, sent);
      if (written() === sent.written || !form.isConnected) return 0;
      kept = sent.written;
      return PAUSE;
    }
    if (answer.status === 401) tell('Inte sparat: du är utloggad. Texten ligger kvar i webbläsaren.', true, told.sign_in);
    else if (answer.status === 409) { stopped = true; form.elements.seen.value = told.seen; showConflicts(told.conflicts); }
    else if (told.errors) showErrors(told.errors);
    else if (answer.status === 413) tell('Inte sparat: texten eller bilden är för stor. Korta den, så sparas den.', true);
    else {
      tell('Inte sparat än. Texten ligger kvar i webbläsaren, och vi försöker igen.', true);
      return AGAIN;
    }
    return 0;
  };

  const save = () => {
    clearTimeout(timer);
    if (saving) { waits = true; return saving; }
    const sent = { body: new FormData(form), written: written(), withFile: Boolean(file?.files.length) };
    if (!sent.withFile) sent.body.delete('picture');
    tell('Sparar');
    saving = send(sent).then((pause) => {
      saving = null;
      if (waits) { waits = false; return save(); }
      if (pause) timer = setTimeout(save, pause);
      return undefined;
    });
    return saving;
  };

  const changed = () => {
    if (written() === kept) return;
    lay();
    if (stopped) return;
    if (!saving) tell('Ändrat, sparas strax');
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };

  form.addEventListener('input', (event) => { if (event.target !== file) changed(); });
  form.addEventListener('change', (event) => { if (event.target !== file) changed(); });
  editor?.addEventListener('trix-change', changed);
  file?.addEventListener('change', () => {
    if (!file.files.length) return;
    clearErrors();
    if (file.files[0].size > Number(file.dataset.most) * 1024 * 1024) {
      showErrors({ picture: `Bilden är större än ${file.dataset.most} MB. Spara den mindre och välj den igen.` });
      return;
    }
    save();
  });
  form.addEventListener('submit', (event) => {
    if (event.submitter?.name) { drop(); return; }
    event.preventDefault();
    stopped = false;
    save();
  });
  document.addEventListener('click', (event) => { if (event.target.closest('[data-drop-draft]')) drop(); });
  addEventListener('online', () => { if (written() !== kept && !stopped) save(); });
  addEventListener('focus', () => { if (written() !== kept && !stopped && !saving) save(); });
  // Leaving: what is still on its way is sent once more, small enough for the browser to do it afterwards.
  addEventListener('pagehide', () => {
    if (written() === kept || stopped) return;
    const body = new FormData(form);
    body.delete('picture');
    try { fetch(form.action, { method: 'POST', body, keepalive: true, headers: { Accept: 'application/json' } }).catch(() => {}); } catch { /* it lies here */ }
  });

  const left = found();
  if (left && JSON.stringify(left.filter(([name]) => name !== 'seen')) === kept) drop();
  else if (left) {
    fill(left);
    tell('Det du skrev senast var inte sparat. Det är tillbaka och sparas nu.');
    save();
  }
};

all('form[data-autosave]').forEach(async (form) => {
  const area = form.querySelector('textarea[data-rich]');
  autosave(form, area && window.Trix ? await enrich(area) : null);
});

// --- the letter beside the text -----------------------------------------------------------------------------------

// The new letter is loaded unseen and takes the place of the old one when it is there, so nothing flickers.
document.addEventListener('saved', () => {
  const shown = document.querySelector('iframe[data-live]');
  if (!shown) return;
  document.querySelector('iframe[data-coming]')?.remove();
  const coming = shown.cloneNode();
  coming.removeAttribute('data-live');
  coming.dataset.coming = '';
  coming.setAttribute('aria-hidden', 'true');
  coming.classList.add('hidden-visually');
  const [path, anchor] = shown.getAttribute('src').split('#');
  coming.src = `${path.split('?')[0]}?nu=${Date.now()}${anchor ? `#${anchor}` : ''}`;
  coming.addEventListener('load', () => {
    if (!coming.isConnected) return;
    shown.remove();
    coming.classList.remove('hidden-visually');
    coming.removeAttribute('aria-hidden');
    coming.removeAttribute('data-coming');
    coming.dataset.live = '';
  }, { once: true });
  shown.after(coming);
});

// --- the order of the articles ------------------------------------------------------------------------------------

all('form[data-order]').forEach((form) => {
  const list = form.querySelector('ol');
  const items = () => [...list.children];
  if (!form.querySelector('.article-moves')) return;
  let held = null;
  let before = '';
  const order = () => items().map((item) => item.dataset.id).join();
  items().forEach((item) => { item.draggable = true; });
  list.addEventListener('dragstart', (event) => {
    held = event.target.closest('li');
    before = order();
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', held.dataset.id);
    held.classList.add('is-dragged');
  });
  list.addEventListener('dragover', (event) => {
    const over = event.target.closest('li');
    if (!held || !over) return;
    event.preventDefault();
    if (over === held) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(held); else over.after(held);
  });
  list.addEventListener('drop', (event) => event.preventDefault());
  list.addEventListener('dragend', async () => {
    held.classList.remove('is-dragged');
    held = null;
    if (order() === before) return;
    const body = new FormData(form);
    items().forEach((item) => body.append('ids', item.dataset.id));
    await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' } }).catch(() => null);
    location.reload(); // what stands there now, and the buttons that fit it
  });
});
