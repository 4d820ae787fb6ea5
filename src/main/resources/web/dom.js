// Small tools for elements. Text always becomes a text node; nothing here reads markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'checked' || name === 'disabled' || (name === 'value' && element.nodeName !== 'PROGRESS')) element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** An element; props are attributes, or listeners where they begin with "on". */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/** Puts new children in place of the old ones. */
export function put(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

const ICONS = {
  overview: 'M4 13h7V4H4zm9 7h7v-9h-7zM4 20h7v-5H4zm9-16v5h7V4z',
  models: 'M12 3 4 7.2v9.6L12 21l8-4.2V7.2zm0 0v18M4 7.2l8 4.3 8-4.3',
  playground: 'M4 5h16v11H9l-5 4z',
  settings: 'M4 7h9m5 0h2M4 17h3m5 0h8M15.5 4.5v5m-6 5v5',
  keys: 'M9 11a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12.2 12.3 20 4.5m-3.5 3.5 2.7 2.7m-5.4 0 1.6 1.6',
  jobs: 'M5 6h14M5 12h9M5 18h5m6-3 2.2 2.2L22 13.5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm0-5v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4m0-12.8L17 7M7 17l-1.4 1.4',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4 7 7 0 0 0 20 14.5z',
  auto: 'M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16',
  leave: 'M14 5H5v14h9m-4-7h11m-3.5-3.5L21 12l-3.5 3.5',
  plus: 'M12 5v14M5 12h14',
  refresh: 'M19 5v5h-5M5 19v-5h5m8.3-4A7 7 0 0 0 6 8.2L5 10m14 4-1 1.8A7 7 0 0 1 5.7 14',
  trash: 'M5 7h14M10 7V4.5h4V7m-7.5 0 .8 12.5h9.4L17.5 7M10.5 11v5m3-5v5',
  load: 'M8 5.5v13l10.5-6.5z',
  unload: 'M7 7h10v10H7z',
  send: 'M12 19V5m-6 6 6-6 6 6',
  stop: 'M7 7h10v10H7z',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  search: 'M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM16 16l4 4',
  edit: 'M5 19h3.5L19 8.5 15.5 5 5 15.5zM13.5 7 17 10.5',
  check: 'M5 12.5 10 17.5 19 7.5',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z',
  warning: 'M12 4 3 19.5h18zm0 6v4.5m0 2.300v.2',
  close: 'M6 6l12 12M18 6 6 18',
  download: 'M12 4v11m-5-4.5 5 5 5-5M5 20h14',
};

/** A line drawing of 20 pixels that screen readers pass over. */
export function icon(name, size = 20) {
  return s('svg', { class: 'icon', viewBox: '0 0 24 24', width: size, height: size, 'aria-hidden': 'true' },
    s('path', { d: ICONS[name] ?? ICONS.overview }));
}

/** A button with an icon and a label; "quiet" and "icon-only" are looks. */
export function button(label, { look = '', symbol, title, onclick, type = 'button', ...more } = {}) {
  const iconOnly = look.includes('icon-only');
  const press = onclick && ((event) => isBusy(event.currentTarget) || onclick(event));
  return h('button', { type, class: `button ${look}`, title: title ?? (iconOnly ? label : undefined),
    'aria-label': iconOnly ? label : undefined, onclick: press, ...more }, symbol && icon(symbol, 18), !iconOnly && h('span', {}, label));
}

/** A page's head: title, what it is about, and what can be done. */
export function head(title, about, ...actions) {
  return h('div', { class: 'head' },
    h('div', {}, h('h1', { tabindex: '-1' }, title), h('p', { class: 'about' }, about)),
    actions.length > 0 && h('div', { class: 'actions' }, actions));
}

/** A card with a heading. */
export function card(title, { id, actions, wide, about } = {}, ...content) {
  const heading = id ?? `h-${title.toLowerCase().replace(/\W+/g, '-')}`;
  return h('section', { class: `card ${wide ? 'wide' : ''}`, 'aria-labelledby': heading },
    h('div', { class: 'card-head' }, h('div', {}, h('h2', { id: heading }, title), about && h('p', { class: 'muted small' }, about)),
      actions && h('div', { class: 'actions' }, actions)),
    content);
}

/** Nothing there yet, why, and what to do. */
export function empty(symbol, title, text, ...actions) {
  return h('div', { class: 'empty' }, h('div', { class: 'empty-icon' }, icon(symbol, 28)),
    h('p', { class: 'empty-title' }, title), h('p', { class: 'muted' }, text), actions.length > 0 && h('div', { class: 'actions' }, actions));
}

/** Shapes of what is on its way. */
export function loading(lines = 3, what = 'Loading') {
  return h('div', { class: 'loading', role: 'status', 'aria-label': what },
    Array.from({ length: lines }, () => h('div', { class: 'bone' })));
}

/** What went wrong, in the gateway's words, and a way to try again. */
export function problem(error, retry, word = 'Try again') {
  return h('div', { class: 'problem', role: 'alert' }, icon('warning'),
    h('div', {}, h('p', { class: 'problem-title' }, error.title ?? 'That did not work'), h('p', {}, error.message ?? String(error)),
      retry && button(word, { look: 'small', symbol: 'refresh', onclick: retry })));
}

/** A state as a dot and a word, so that it does not depend on colour. */
export function state(kind, word) {
  return h('span', { class: `state ${kind}` }, h('span', { class: 'dot', 'aria-hidden': 'true' }), word);
}

export function chip(text, kind = '') {
  return h('span', { class: `chip ${kind}` }, text);
}

/** A progress bar of a share between 0 and 1, or of unknown length. */
export function progress(share, label) {
  return typeof share === 'number' ? h('progress', { max: '1', value: share, 'aria-label': label }) : h('progress', { 'aria-label': label });
}

/** A short message that goes by itself; a failure stays longer. */
export function toast(message, kind = 'good') {
  const close = () => note.remove();
  const note = h('div', { class: `toast ${kind}` }, icon(kind === 'bad' ? 'warning' : 'check', 18), h('span', {}, message),
    button('Dismiss', { look: 'icon-only quiet', symbol: 'close', onclick: close }));
  const place = document.getElementById('toasts');
  place.append(note);
  while (place.children.length > 4) place.firstChild.remove();
  setTimeout(close, kind === 'bad' ? 12000 : 5000);
}

/** A modal dialog; it is removed when it is closed. A firm one stays when somebody clicks beside it. */
export function dialog(title, content, { wide, firm } = {}) {
  const heading = `d-${Date.now().toString(36)}`;
  const opener = document.activeElement;
  const box = h('dialog', { class: wide ? 'wide' : '', 'aria-labelledby': heading },
    h('div', { class: 'dialog-head' }, h('h2', { id: heading }, title),
      button('Close', { look: 'icon-only quiet', symbol: 'close', onclick: () => box.close() })),
    content);
  box.addEventListener('close', () => {
    box.remove();
    if (!opener.isConnected) focusLike(opener);
  });
  if (!firm) closeBeside(box);
  document.body.append(box);
  box.showModal();
  (box.querySelector('input:not([readonly]), select, textarea') ?? box.querySelector('.primary'))?.focus();
  return box;
}

/** A click beside the box closes it; a selection of text that ends there does not. */
function closeBeside(box) {
  let began = false;
  const beside = ({ target, clientX: x, clientY: y }) => {
    const { left, right, top, bottom } = box.getBoundingClientRect();
    return target === box && (x < left || x > right || y < top || y > bottom);
  };
  box.addEventListener('pointerdown', (event) => { began = beside(event); });
  box.addEventListener('click', (event) => began && beside(event) && box.close());
}

/** What had the focus was drawn anew meanwhile: what is called the same takes it, or what stands first in its place. */
function focusLike(old, place) {
  if (document.activeElement !== document.body) return;
  const name = (element) => element.name || (element.ariaLabel ?? element.textContent);
  const same = [...document.querySelectorAll('main button, main input, main select')].find((each) => name(each) === name(old));
  (same ?? place?.querySelector('input, select, button'))?.focus();
}

/** Like put; a control of a row that had the focus gives it to the same one of that row, or of what stands there now. */
export function redraw(place, ...children) {
  const active = place.contains(document.activeElement) ? document.activeElement : null;
  const had = active?.closest('li');
  const at = [...place.querySelectorAll('li')].indexOf(had);
  const controls = (row) => [...(row?.querySelectorAll('button, a') ?? [])];
  const fromEnd = had ? controls(had).length - controls(had).indexOf(active) : 0;
  put(place, ...children);
  if (active && !had) focusLike(active, place);
  if (!had) return;
  const rows = [...place.querySelectorAll('li')];
  const found = controls(rows.find((row) => row.dataset.key === had.dataset.key) ?? rows[Math.min(at, rows.length - 1)]);
  (found.at(-fromEnd) ?? found[0] ?? place.querySelector('button') ?? document.querySelector('main h1'))?.focus();
}

/** Asks before something cannot be undone. */
export function confirm(title, text, word) {
  return new Promise((resolve) => {
    let answer = false;
    const yes = button(word, { look: 'danger', onclick: () => { answer = true; box.close(); } });
    const box = dialog(title, [h('p', {}, text),
      h('div', { class: 'actions end' }, button('Keep it', { onclick: () => box.close() }), yes)]);
    box.addEventListener('close', () => resolve(answer));
  });
}

/** Says that a button is at work. It keeps the focus, which a disabled one would lose. */
export function setBusy(element, on) {
  for (const name of ['aria-busy', 'aria-disabled']) {
    if (on) element.setAttribute(name, 'true');
    else element.removeAttribute(name);
  }
}

export function isBusy(element) {
  return element.hasAttribute('aria-busy');
}

/** Runs something behind a button: it is busy meanwhile, and a failure is told. */
export async function busy(element, action) {
  if (isBusy(element)) return undefined;
  setBusy(element, true);
  try {
    return await action();
  } catch (error) {
    if (error.name !== 'AbortError') toast(error.message, 'bad');
    return undefined;
  } finally {
    setBusy(element, false);
  }
}

/** Copies text; where the browser forbids it, says so. */
export async function copy(text, tell = toast) {
  try {
    await navigator.clipboard.writeText(text);
    tell('Copied.');
  } catch {
    tell('The browser did not let the page copy. Select the text and copy it.', 'bad');
  }
}

/**
 * Like put, but what is there already stays and only takes over what differs, so that focus, hover and a
 * click under way survive news. Elements that stand for one thing have a data-key.
 */
export function sync(element, ...children) {
  const active = document.activeElement;
  const row = element.contains(active) ? active.closest('li') : null;
  const at = row ? [...element.querySelectorAll('li')].indexOf(row) : -1;
  const fresh = document.createDocumentFragment();
  add(fresh, children);
  syncChildren(element, fresh);
  if (at < 0 || document.activeElement !== document.body) return element;
  if (active.isConnected) active.focus(); // it was moved
  else focusRow(element, row.dataset.model ?? row.dataset.key, at);
  return element;
}

/** What had the focus is gone, such as the button that began a job: another of the same row takes it, the row, or its neighbour. */
function focusRow(element, id, at) {
  const rows = [...element.querySelectorAll('li')];
  const row = rows.find((each) => (each.dataset.model ?? each.dataset.key) === id) ?? rows[Math.min(at, rows.length - 1)];
  (row?.querySelector('button') ?? row?.querySelector('a') ?? (row?.hasAttribute('tabindex') ? row : null) ?? document.querySelector('main h1'))?.focus();
}

function syncChildren(old, fresh) {
  const byKey = new Map([...old.children].filter((child) => child.dataset?.key).map((child) => [child.dataset.key, child]));
  let place = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const known = wanted.dataset?.key ? byKey.get(wanted.dataset.key) : place;
    if (known && isSame(known, wanted)) {
      if (known === place) place = place.nextSibling;
      else old.insertBefore(known, place);
      take(known, wanted);
    } else {
      old.insertBefore(wanted, place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function isSame(one, other) {
  return one.nodeName === other.nodeName && one.dataset?.key === other.dataset?.key;
}

function take(known, wanted) {
  if (known.nodeType === Node.TEXT_NODE) {
    if (known.data !== wanted.data) known.data = wanted.data;
    return;
  }
  if (known.getAttribute?.('aria-busy')) return;
  const own = known.nodeName === 'DETAILS' ? ['open'] : [];
  for (const { name } of [...known.attributes]) if (!wanted.hasAttribute(name) && !own.includes(name)) known.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (known.getAttribute(name) !== value && !own.includes(name)) known.setAttribute(name, value);
  if (known.nodeName === 'PROGRESS' && wanted.hasAttribute('value')) known.value = wanted.value;
  syncChildren(known, wanted);
}
