// Services: the places where models run, made and changed by forms that their providers describe.

import { api, at } from './api.js';
import { busy, button, card, chip, confirm, dialog, empty, h, isBusy, loading, problem, put, redraw, setBusy, state, toast } from './dom.js';
import { blame, field, flawed, forget, generated, values } from './form.js';
import { live, watch } from './live.js';
import { millis } from './text.js';

let providers = null;

/** The providers that there are, with what their services need to be told. */
export function providerList() {
  providers ??= api.get('/llm/providers').then((answer) => answer.data ?? answer, (error) => {
    providers = null;
    throw error;
  });
  return providers;
}

/** What to say where this gateway lacks an endpoint. */
export function explained(error, what) {
  if (!error.missing) return error;
  return { title: 'Not in this version', message: `This Caravan cannot ${what} by its page yet. The file caravan.properties can.` };
}

const camel = (name) => name.replace(/_([a-z0-9])/g, (all, letter) => letter.toUpperCase());

/** The card that lists the services, with what can be done with those made here; it follows the news until it is stopped. */
export function serviceCard() {
  const place = h('div', {}, loading(4, 'Loading services'));
  let shown = null;
  let heard = null;
  async function load() {
    try {
      const services = (await api.get('/llm/services')).data;
      const told = JSON.stringify(services.map(visible));
      if (told === shown) return;
      shown = told;
      redraw(place, services.length === 0
        ? empty('settings', 'No service is configured', 'Connect one: a runtime on this machine, another server, or a cloud API.')
        : grouped(services, load, place.querySelector('details')?.open));
    } catch (error) {
      shown = null;
      put(place, problem(error, load));
    }
  }
  load();
  const stop = watch(() => {
    const news = JSON.stringify(live.state?.services.map(visible));
    if (heard && news !== heard) load();
    heard = news;
  });
  const element = card('Services', { about: 'Where models run. Apps reach all of them through this one address.', actions: [button('Connect a service', { look: 'primary', symbol: 'plus', onclick: () => editService(null, load) })] }, place);
  return { element, stop };
}

/** What a row shows and does: only where that has changed it is drawn anew. */
function visible({ name, title, provider, urls, has_key: key, origin, read_only: fixed, status, error }) {
  return [name, title, provider, urls, key, origin, fixed, status, error];
}

/** Those in use first; a runtime that is not here is no failure. */
function grouped(services, load, open) {
  const used = services.filter((service) => service.status === 'up' || service.origin !== 'built-in');
  const idle = services.filter((service) => !used.includes(service));
  const rows = (some) => h('ul', { class: 'rows' }, some.map((service) => line(service, load)));
  return [used.length > 0 && rows(used), idle.length > 0 && h('details', { class: 'away', open: open || used.length === 0 },
    h('summary', {}, `${idle.length} not in use`, h('span', { class: 'muted' }, ' — looked for at their usual places')), rows(idle))];
}

const STATES = { up: ['good', 'Up'], down: ['bad', 'Down'], error: ['bad', 'Error'], unknown: ['idle', 'Not asked yet'], disabled: ['idle', 'Switched off'] };

function line(service, changed) {
  const { name } = service;
  const [kind, word] = STATES[service.status] ?? ['idle', 'Not configured'];
  return h('li', { class: 'row', 'data-key': name },
    h('div', { class: 'row-main' }, h('span', { class: 'strong' }, name),
      h('span', { class: 'muted small' }, [service.title ?? service.provider, (service.urls ?? []).join(', ')].filter(Boolean).join(' · '))),
    h('span', { class: 'chips' }, service.has_key && chip('Key'), service.origin === 'file' && chip('From the file', 'fixed'), service.origin === 'built-in' && chip('Comes along')),
    state(kind, word),
    h('div', { class: 'row-actions' },
      !['disabled', 'error'].includes(service.status) && button(`Test ${name}`, { look: 'icon-only quiet', symbol: 'refresh', onclick: (event) => busy(event.currentTarget, () => ping(name).then(changed)) }),
      service.read_only ? button(`${name} can be changed only in caravan.properties`, { look: 'icon-only quiet', symbol: 'lock', onclick: () => toast(`${name} is defined by caravan.properties or the environment. Change it there; that counts at once.`) })
        : changes(service, changed)),
    service.status === 'error' && h('p', { class: 'service-error' }, service.error));
}

/** What was made here can be deleted; what comes along can be switched off. */
function changes(service, changed) {
  const { name } = service;
  const off = service.status === 'disabled';
  const flip = (event) => busy(event.currentTarget, async () => {
    await api.put(at`/llm/services/${name}`, { enabled: off });
    toast(`${name} is switched ${off ? 'on' : 'off'}.`);
    changed();
  });
  return [button(`Edit ${name}`, { look: 'icon-only quiet', symbol: 'edit', onclick: () => editService(service, changed) }),
    (off || service.origin === 'built-in') && button(`Switch ${off ? 'on' : 'off'} ${name}`, { look: 'icon-only quiet', symbol: off ? 'load' : 'unload', onclick: flip }),
    service.origin === 'api' && button(`Delete ${name}`, { look: 'icon-only quiet', symbol: 'trash', onclick: () => remove(name, changed) })];
}

async function ping(name) {
  const now = await api.get(at`/llm/services/${name}/ping`);
  if (now.status === 'up') toast(`${name} answers in ${millis(now.latency_ms)}.`);
  else toast(`${name}: ${now.error ?? now.status}`, 'bad');
}

async function remove(name, changed) {
  if (!await confirm('Delete this service?', `Calls under way end as they would have. ${name} and its key are forgotten.`, 'Delete')) return;
  try {
    await api.remove(at`/llm/services/${name}`);
    toast(`${name} is deleted.`);
    changed();
  } catch (error) {
    toast(explained(error, 'delete services').message, 'bad');
  }
}

/** Makes a service, or changes one. */
export async function editService(service = null, changed = () => {}) {
  const body = h('div', {}, loading(4, 'Loading providers'));
  const box = dialog(service ? `Service ${service.name}` : 'Connect a service', body);
  try {
    const all = await providerList();
    const known = service ? await api.get(at`/llm/services/${service.name}`) : {};
    fill(box, body, all, service, known, changed);
  } catch (error) {
    put(body, problem(explained(error, 'connect services'), error.missing ? undefined : () => { box.close(); editService(service, changed); }));
  }
}

function fill(box, body, all, service, known, changed) {
  const name = field({ name: 'name', label: 'Name', required: true, value: service?.name, placeholder: 'work-gpu', hint: 'Models are called by it: name~model. Letters, digits, - and _.' });
  const provider = field({ name: 'provider', label: 'Kind', required: true, value: service?.provider ?? 'openai-compatible',
    options: all.map((each) => ({ value: each.name, label: each.title ?? each.name })) });
  if (service) name.input.readOnly = true;
  const about = h('p', { class: 'muted small' });
  const own = h('div', { class: 'fields' });
  const outcome = h('div', { role: 'status', class: 'outcome' });
  let fields = [];
  let begun = {};

  function describe() {
    const chosen = all.find((each) => each.name === provider.value) ?? all[0];
    put(about, chosen.description ?? '');
    const told = Object.fromEntries(Object.entries(known.settings ?? {}).map(([key, value]) => [camel(key), value]));
    told.baseUrl = (known.urls ?? []).join(', ') || undefined;
    told.apiKey = known.api_key;
    fields = generated(chosen, service ? told : {});
    const url = fields.find((each) => each.name === 'baseUrl');
    if (url) url.element.querySelector('.hint').textContent = 'Without /v1. Several are separated by commas; the least busy one is used.';
    begun = values(fields);
    put(own, fields.map((each) => each.element));
    suggest();
  }

  /** Somebody else has changed the service: what was not touched here becomes what is stored now, the rest stays as typed. */
  async function reread() {
    const fresh = await api.get(at`/llm/services/${service.name}`);
    const [kind, typed, before] = [provider.value, values(fields), begun];
    const other = fresh.provider !== known.provider && `Kind: ${fresh.provider}`;
    if (kind === known.provider) provider.value = fresh.provider;
    known = fresh;
    describe();
    const news = fields.filter(({ name }) => begun[name] !== before[name]).map((each) => {
      const touched = typed[each.name] !== before[each.name] && typed[each.name] !== begun[each.name];
      return h('li', {}, `${each.label}: ${begun[each.name] ?? 'nothing'}${touched ? ' is stored now; Save puts yours in its place' : ''}`);
    });
    for (const each of fields) {
      const mine = typed[each.name];
      if (mine === before[each.name]) continue;
      if (mine === '' && each.stored) forget(each);
      else each.value = mine;
    }
    if (other) news.unshift(h('li', {}, other));
    put(outcome, h('div', { class: 'note' }, h('div', {}, h('p', {}, news.length > 0 ? 'Changed meanwhile:' : 'What was changed meanwhile is not in this form.'), h('ul', {}, news))));
    save.focus();
  }

  let taken = new Set();
  function suggest() {
    if (!service && !name.touched) name.value = taken.has(provider.value) ? `my-${provider.value}` : provider.value;
  }
  api.get('/llm/services').then((answer) => {
    taken = new Set(answer.data.map((each) => each.name));
    suggest();
  }).catch(() => {});
  name.input.addEventListener('input', () => { name.touched = true; });
  provider.input.addEventListener('change', describe);

  const save = button(service ? 'Save' : 'Connect', { type: 'submit', look: 'primary', symbol: 'check' });
  const form = h('form', { novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    if (isBusy(save) || flawed(fields)) return;
    const settings = request(name.value, provider.value, fields, known);
    setBusy(save, true);
    put(outcome, state('busy', 'Saving and asking it …'));
    try {
      blame([name, provider, ...fields], {});
      const now = service ? await api.put(at`/llm/services/${service.name}`, settings) : await api.post('/llm/services', settings);
      known = now;
      if (now.status === 'up') box.close(); // first: the focus goes back to what changed() draws anew
      changed();
      if (now.status === 'up') {
        toast(`${name.value} is connected and answers in ${millis(now.latency_ms)}.`);
        return;
      }
      put(outcome, problem({ title: `Saved, but ${name.value} does not answer`, message: now.error ?? now.status }));
      service ??= { name: name.value, provider: provider.value };
      name.input.readOnly = true;
    } catch (error) {
      const stale = service && error.code === 'version_conflict';
      put(outcome, blame([name, provider, ...fields], named(error)) ? null : problem(explained(error, 'connect services'),
        stale ? (event) => busy(event.currentTarget, reread) : undefined, 'Load what is stored now'));
    } finally {
      setBusy(save, false);
    }
  } }, provider.element, about, name.element, own, outcome, h('div', { class: 'actions end' }, button('Cancel', { onclick: () => box.close() }), save));
  put(body, form);
  describe();
  provider.input.focus();
}

/** As the API has it; a setting that was taken away goes back to its default. */
function request(name, provider, fields, known) {
  const told = values(fields);
  const settings = { name, provider };
  if (known.name) settings.version = known.version ?? 0;
  for (const each of fields) {
    const value = told[each.name];
    if (value !== undefined) settings[each.api] = each.api === 'urls' ? value.split(',').map((url) => url.trim()).filter(Boolean) : value;
    else if (known.settings?.[each.api] !== undefined) settings[each.api] = null;
  }
  return settings;
}

function named(error) {
  if (error.param?.startsWith('urls')) error.param = 'baseUrl';
  else if (error.param) error.param = camel(error.param);
  return error;
}
