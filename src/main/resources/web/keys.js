// Keys: who may call, what for and how much; and who changed what.

import { api, at, session } from './api.js';
import { button, busy, card, chip, confirm, copy, dialog, empty, h, head, loading, problem, put, redraw, state, toast } from './dom.js';
import { blame, field, flawed, values } from './form.js';
import { ago, date, number } from './text.js';

const LISTS = ['allowed_models', 'allowed_services'];
const AUDIT_LINES = 50;
const EVERY_MS = 10000;

export function keys(root) {
  const list = h('div', {}, loading(3, 'Loading keys'));
  const audit = h('div', {}, loading(3, 'Loading changes'));
  let shown = null;
  let audited = null;
  const missing = { title: 'Not in this version', message: 'This Caravan has no keys yet: keep it on the loopback interface.' };

  async function load() {
    try {
      const answer = await api.get('/api/keys');
      const all = answer.data ?? answer.keys ?? answer;
      const told = JSON.stringify([all, all.map(isExpired)]);
      if (told === shown) return;
      shown = told;
      redraw(list, !session.key && h('p', { class: 'note' }, 'Keys are not demanded here: whoever reaches this address may do everything. The setting caravan.access.required = true demands them.'),
        all.length === 0 ? empty('keys', 'No keys yet', 'A key lets an app or a colleague in, within limits that you set. It is shown once.', button('Make a key', { look: 'primary', symbol: 'plus', onclick: () => make(load) }))
          : h('ul', { class: 'rows' }, all.map((key) => line(key, load))));
    } catch (error) {
      shown = null;
      put(list, problem(error.missing ? missing : error, error.missing ? undefined : load));
    } finally {
      loadAudit();
    }
  }

  async function loadAudit() {
    try {
      const answer = await api.get(`/api/audit?limit=${AUDIT_LINES}`);
      const all = answer.data ?? answer.entries ?? answer;
      const told = JSON.stringify(all);
      if (told === audited) return;
      audited = told;
      put(audit, all.length === 0 ? empty('jobs', 'Nothing changed yet', 'Each change by the API is written down here: who, what and when.') : table(all.slice(0, AUDIT_LINES)));
    } catch (error) {
      audited = null;
      put(audit, problem(error.missing ? { title: 'Not in this version', message: 'This Caravan keeps no audit log yet.' } : error, error.missing ? undefined : loadAudit));
    }
  }

  root.append(head('Keys', 'Who may call, and how much.', button('Make a key', { look: 'primary', symbol: 'plus', onclick: () => make(load) })),
    h('div', { class: 'stack' }, card('Client keys', {}, list), card('Changes', { about: 'The audit log, the latest first.' }, audit)));
  load();
  const timer = setInterval(() => document.hidden || load(), EVERY_MS); // the news do not tell of keys
  return () => clearInterval(timer);
}

const isExpired = (key) => Boolean(key.expires_at) && new Date(key.expires_at) <= new Date();

function line(key, changed) {
  const expired = isExpired(key);
  const [kind, word] = key.error ? ['bad', 'Damaged'] : key.disabled ? ['idle', 'Disabled'] : expired ? ['bad', 'Expired'] : ['good', 'Active'];
  const facts = key.error ? [key.error] : [key.mask ?? key.key, `made ${ago(key.created_at)}`, key.expires_at ? `${expired ? 'expired' : 'until'} ${date(key.expires_at)}` : 'does not expire',
    key.requests_per_minute && `${number(key.requests_per_minute)} calls/min`, key.tokens_per_minute && `${number(key.tokens_per_minute)} tokens/min`].filter(Boolean);
  return h('li', { class: 'row', 'data-key': key.id },
    h('div', { class: 'row-main' }, h('span', { class: 'strong' }, key.name), h('span', { class: 'muted small' }, facts.join(' · '))),
    h('span', { class: 'chips' }, chip(key.scope, key.scope === 'admin' ? 'fixed' : ''),
      (key.allowed_services ?? []).map((name) => chip(name)), (key.allowed_models ?? []).map((name) => chip(name))),
    state(kind, word),
    h('div', { class: 'row-actions' },
      !key.error && button(`Change ${key.name}`, { look: 'icon-only quiet', symbol: 'edit', onclick: () => make(changed, key) }),
      !key.error && button(key.disabled ? 'Enable' : 'Disable', { look: 'small quiet', 'aria-label': `${key.disabled ? 'Enable' : 'Disable'} ${key.name}`, onclick: (event) => busy(event.currentTarget, async () => {
        await api.patch(at`/api/keys/${key.id}`, { disabled: !key.disabled });
        changed();
      }) }),
      button(`Delete ${key.name}`, { look: 'icon-only quiet', symbol: 'trash', onclick: () => remove(key, changed) })));
}

async function remove(key, changed) {
  if (!await confirm('Delete this key?', `Who uses ${key.name} is refused from now on. To refuse it for a while, disable it.`, 'Delete')) return;
  try {
    await api.remove(at`/api/keys/${key.id}`);
    toast(`${key.name} is deleted.`);
    changed();
  } catch (error) {
    toast(error.message, 'bad');
  }
}

/** Makes a key, or changes what one may do. */
function make(changed, key = null) {
  const fields = [
    field({ name: 'name', label: 'Name', required: true, value: key?.name, placeholder: 'Build server', hint: 'Whose key it is.' }),
    field({ name: 'scope', label: 'May', value: key?.scope ?? 'client', options: [{ value: 'client', label: 'call models' }, { value: 'admin', label: 'do everything, this page included' }] }),
    field({ name: 'expires_at', label: 'Expires', type: 'datetime-local', hint: 'Empty: never.', value: local(key?.expires_at) }),
    field({ name: 'allowed_models', label: 'Models', placeholder: 'ollama~*, fast', hint: 'Names or aliases, separated by commas; * at an end. Empty: all.', value: key?.allowed_models?.join(', ') }),
    field({ name: 'allowed_services', label: 'Services', placeholder: 'ollama, work-openai', hint: 'Empty: all.', value: key?.allowed_services?.join(', ') }),
    field({ name: 'requests_per_minute', label: 'Calls a minute', type: 'number', min: 1, placeholder: 'no limit', value: key?.requests_per_minute }),
    field({ name: 'tokens_per_minute', label: 'Tokens a minute', type: 'number', min: 1, placeholder: 'no limit', value: key?.tokens_per_minute }),
  ];
  const [name, scope, expires, models, services, calls, tokens] = fields;
  const before = key ? request(fields) : {};
  const outcome = h('div', { class: 'outcome', role: 'status' });
  const save = button(key ? 'Save' : 'Make the key', { type: 'submit', look: 'primary', symbol: 'check' });
  const form = h('form', { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    name.fail(name.value ? null : 'Name it.');
    if (!name.value || flawed(fields)) return;
    const told = changes(request(fields), before);
    busy(save, async () => {
      try {
        const answer = key ? Object.keys(told).length > 0 && await api.patch(at`/api/keys/${key.id}`, told) : await api.post('/api/keys', told);
        box.close();
        changed();
        if (key) toast(answer ? `${answer.name ?? key.name} is changed.` : 'Nothing is changed.');
        else show(answer);
      } catch (error) {
        put(outcome, blame(fields, error) ? null : problem(error));
      }
    });
  } }, name.element, scope.element, expires.element, models.element, services.element, h('div', { class: 'pair' }, calls.element, tokens.element), outcome,
  h('div', { class: 'actions end' }, button('Cancel', { onclick: () => box.close() }), save));
  const box = dialog(key ? `Key ${key.name}` : 'Make a key', form);
  name.input.focus();
}

function local(time) {
  if (!time) return undefined;
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

/** As the API wants it; null for what is empty. */
function request(fields) {
  const told = values(fields);
  for (const name of LISTS) {
    const names = (told[name] ?? '').split(',').map((each) => each.trim()).filter(Boolean);
    told[name] = names.length > 0 ? names : undefined;
  }
  if (told.expires_at) told.expires_at = new Date(told.expires_at).toISOString();
  return Object.fromEntries(fields.map(({ name }) => [name, told[name] ?? null]));
}

/** What was changed here: the rest stays, whatever others made of it meanwhile. */
function changes(now, before) {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name] ?? null)));
}

/** The only time that anybody sees the key. */
function show(made) {
  const text = made.key ?? made.secret ?? made.token;
  const copied = h('div', { class: 'outcome', role: 'status' });
  const tell = (message, kind) => put(copied, kind === 'bad' ? problem({ title: 'Not copied', message }) : state('good', message));
  dialog('Your new key', [h('p', {}, 'Copy it now: it is shown this once and kept only as a hash.'),
    h('div', { class: 'with-button' }, h('code', { class: 'secret', tabindex: '0' }, text), button('Copy', { look: 'primary', symbol: 'copy', onclick: () => copy(text, tell) })), copied,
    h('p', { class: 'muted small' }, 'Apps send it as Authorization: Bearer, the way they send OpenAI’s.')], { firm: true });
}

function table(entries) {
  return h('table', {}, h('caption', { class: 'hidden-text' }, 'Changes'),
    h('thead', {}, h('tr', {}, ['When', 'Who', 'What', 'Result'].map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, entries.map((entry) => h('tr', {},
      h('td', { 'data-label': 'When', title: date(entry.at) }, ago(entry.at)),
      h('td', { 'data-label': 'Who' }, entry.client?.name ?? entry.client?.id),
      h('td', { 'data-label': 'What' }, h('code', {}, entry.action), ' ', entry.subject),
      h('td', { 'data-label': 'Result' }, state(entry.status < 400 ? 'good' : 'bad', String(entry.status)))))));
}
