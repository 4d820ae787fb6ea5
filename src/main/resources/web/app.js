// The frame: which page is shown, the theme, the key, and whether news come in.

import { api, session } from './api.js';
import { button, dialog, empty, h, icon, problem, put } from './dom.js';
import { field } from './form.js';
import { connect, live, renew } from './live.js';
import { jobs } from './jobs.js';
import { keys } from './keys.js';
import { models } from './models.js';
import { overview } from './overview.js';
import { playground } from './playground.js';
import { settings } from './settings.js';

const PAGES = [
  { name: 'overview', title: 'Overview', show: overview, admin: true },
  { name: 'models', title: 'Models', show: models, admin: true },
  { name: 'playground', title: 'Playground', show: playground },
  { name: 'settings', title: 'Settings', show: settings },
  { name: 'keys', title: 'Keys', show: keys, admin: true },
  { name: 'jobs', title: 'Jobs', show: jobs, admin: true },
];
const THEMES = ['auto', 'light', 'dark'];
const SYMBOLS = { auto: 'auto', light: 'sun', dark: 'moon' };
const WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting', locked: 'Key needed', refused: 'No live data' };
const WELCOME = 'Everything here is for those who have a key.';

const main = document.getElementById('main');
let leave = () => {};
let asking = null;

/** "#/playground?model=x" as a page and its parameters. */
function place() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  return { page: PAGES.find((page) => page.name === path) ?? PAGES[0], query: new URLSearchParams(query ?? '') };
}

function show(byHand = true) {
  const { page, query } = place();
  leave();
  leave = () => {};
  document.title = `${page.title} · Caravan`;
  for (const link of document.querySelectorAll('#nav a')) {
    if (link.dataset.page === page.name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const root = put(main, h('div', { class: `page page-${page.name}` })).firstChild;
  try {
    leave = (session.locked ? locked : page.admin && session.limited ? refused : page.show)(root, query) ?? (() => {});
  } catch (error) {
    put(root, problem(error, () => show()));
    console.error(error);
  }
  window.scrollTo(0, 0);
  if (byHand) main.querySelector('h1')?.focus({ preventScroll: true });
}

/** What is for admins only: nothing is asked for that would be refused. */
function refused(root) {
  root.append(h('h1', { tabindex: '-1' }, place().page.title), problem({ title: 'Not with this key',
    message: 'This key may call models but not see the gateway. The Playground works with it.' }));
}

/** Before a key is entered. */
function locked(root) {
  root.append(h('h1', { tabindex: '-1' }, place().page.title),
    empty('keys', 'A key is needed', 'Enter one, and this page shows itself.', button('Enter a key', { look: 'primary', symbol: 'lock', onclick: () => ask(WELCOME) })));
  ask(WELCOME);
}

function navigation() {
  put(document.getElementById('nav'), h('ul', {}, PAGES.filter((page) => !page.admin || !session.limited).map((page) =>
    h('li', {}, h('a', { href: `#/${page.name}`, 'data-page': page.name }, icon(page.name), h('span', {}, page.title))))));
}

function theme() {
  return document.documentElement.dataset.theme ?? 'auto';
}

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  if (next === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem('caravan.theme', next);
  } catch {
    // it holds for this visit then
  }
  tools();
  document.getElementById('theme').focus();
}

function tools() {
  const now = theme();
  put(document.getElementById('tools'),
    button(`Theme: ${now === 'auto' ? 'as the system' : now}`, { look: 'icon-only quiet', symbol: SYMBOLS[now], id: 'theme', onclick: nextTheme }),
    session.key && button('Forget the key', { look: 'icon-only quiet', symbol: 'leave', id: 'sign-out', onclick: () => {
      session.key = null;
      location.reload(); // nothing that was shown stays in memory
    } }));
}

/** Asks for a key, once, however many calls were refused. */
function ask(message) {
  if (asking) return;
  const key = field({ name: 'key', label: 'Key', type: 'password', required: true, autocomplete: 'current-password',
    hint: 'An admin token or a key made on the page Keys. It stays in this tab and is forgotten with it.' });
  const form = h('form', { novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    if (!key.value) {
      key.fail('Enter a key.');
      return;
    }
    if (/[^\x20-\xff]/.test(key.value)) { // no header can carry it
      key.fail('This key is wrong: no key has such a letter.');
      return;
    }
    session.key = key.value;
    try {
      session.limited = (await api.get('/api/me')).scope !== 'admin';
      asking.close();
      navigation();
      tools();
      renew();
      show();
    } catch (error) {
      session.key = null;
      key.fail(error.message);
    }
  } }, h('p', { class: 'muted' }, message), key.element,
  h('div', { class: 'actions end' }, button('Sign in', { type: 'submit', look: 'primary', symbol: 'lock' })));
  asking = dialog('This Caravan asks for a key', form);
  asking.addEventListener('close', () => { asking = null; });
  key.input.focus();
}

function showLive() {
  const place = document.getElementById('live');
  const word = place.querySelector('.live-word');
  place.className = `live ${live.status}`;
  place.title = live.problem?.message ?? '';
  if (word.textContent !== WORDS[live.status]) put(word, WORDS[live.status]);
}

document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault(); // the part behind # names a page
  main.focus();
});
navigation();
tools();
document.addEventListener('caravan-live', showLive);
document.addEventListener('caravan-key-needed', (event) => ask(event.detail));
window.addEventListener('hashchange', () => {
  for (const box of document.querySelectorAll('dialog')) if (box !== asking) box.close();
  show();
});
show(false);
connect();
