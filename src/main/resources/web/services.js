// Services: the places where models run, made and changed by forms that their providers describe.

import { api, at } from './api.js';
import { button, busy, card, chip, confirm, dialog, empty, h, loading, problem, put, state, toast } from './dom.js';
import { blame, field, generated, values } from './form.js';
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

const snake = (name) => name.replace(/([A-Z])/g, '_$1').toLowerCase();
const camel = (name) => name.replace(/_([a-z0-9])/g, (all, letter) => letter.toUpperCase());

/** The card that lists the services, with what can be done with those made here. */
export function serviceCard() {
  const place = h('div', {}, loading(4, 'Loading services'));
  async function load() {
    try {
      const services = (await api.get('/llm/services')).data;
      put(place, services.length === 0
        ? empty('settings', 'No service is configured', 'Connect one: a runtime on this machine, another server, or a cloud API.')
        : grouped(services, load));
    } catch (error) {
      put(place, problem(error, load));
    }
  }
  load();
  return card('Services', { about: 'Where models run. Apps reach all of them through this one address.', actions: [button('Connect a service', { look: 'primary', symbol: 'plus', onclick: () => editService(null, load) })] }, place);
}

/** Those in use first; a runtime that is not here is no failure. */
function grouped(services, load) {
  const used = services.filter((service) => service.status === 'up' || !isFixed(service));
  const idle = services.filter((service) => !used.includes(service));
  const rows = (some) => h('ul', { class: 'rows' }, some.map((service) => line(service, load)));
  return [used.length > 0 && rows(used), idle.length > 0 && h('details', { class: 'away', open: used.length === 0 },
    h('summary', {}, `${idle.length} not in use`, h('span', { class: 'muted' }, ' — looked for at their usual places')), rows(idle))];
}

function isFixed(service) {
  return service.read_only ?? service.editable === false ?? false;
}

function line(service, changed) {
  const [kind, word] = { up: ['good', 'Up'], down: ['bad', 'Down'], unknown: ['idle', 'Not asked yet'] }[service.status] ?? ['idle', 'Not configured'];
  const fixed = isFixed(service);
  return h('li', { class: 'row' },
    h('div', { class: 'row-main' }, h('span', { class: 'strong' }, service.name),
      h('span', { class: 'muted small' }, [service.title ?? service.provider, (service.urls ?? []).join(', ')].filter(Boolean).join(' · '))),
    h('span', { class: 'chips' }, service.has_key && chip('Key'), fixed && chip('From the file', 'fixed')),
    state(kind, word),
    h('div', { class: 'row-actions' },
      button(`Test ${service.name}`, { look: 'icon-only quiet', symbol: 'refresh', onclick: (event) => busy(event.currentTarget, () => ping(service.name)) }),
      fixed ? button(`${service.name} is configured in caravan.properties and can be changed only there`, { look: 'icon-only quiet', symbol: 'lock', onclick: () => toast(`${service.name} is configured in caravan.properties (or comes along) and is changed there.`) })
        : [button(`Edit ${service.name}`, { look: 'icon-only quiet', symbol: 'edit', onclick: () => editService(service, changed) }),
          button(`Delete ${service.name}`, { look: 'icon-only quiet', symbol: 'trash', onclick: () => remove(service.name, changed) })]));
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

  function describe() {
    const chosen = all.find((each) => each.name === provider.value) ?? all[0];
    put(about, chosen.description ?? '');
    const told = Object.fromEntries(Object.entries(known.settings ?? known).map(([key, value]) => [camel(key), value]));
    told.baseUrl = (known.urls ?? []).join(', ') || undefined;
    fields = generated(chosen, service ? told : {});
    const url = fields.find((each) => each.name === 'baseUrl');
    if (url) url.element.querySelector('.hint').textContent = 'Without /v1. Several are separated by commas; the least busy one is used.';
    put(own, fields.map((each) => each.element));
    if (!service && !name.touched) name.value = free(chosen.name);
  }
  const taken = new Set();
  const free = (wanted) => (taken.has(wanted) ? `my-${wanted}` : wanted);
  api.get('/llm/services').then((answer) => {
    answer.data.forEach((each) => taken.add(each.name));
    if (!service && !name.touched) name.value = free(provider.value);
  }).catch(() => {});
  name.input.addEventListener('input', () => { name.touched = true; });
  provider.input.addEventListener('change', describe);

  const save = button(service ? 'Save' : 'Connect', { type: 'submit', look: 'primary', symbol: 'check' });
  const form = h('form', { novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const settings = request(name.value, provider.value, fields);
    save.disabled = true;
    put(outcome, state('busy', 'Saving and asking it …'));
    try {
      if (service) await api.put(at`/llm/services/${service.name}`, settings);
      else await api.post('/llm/services', settings);
      const now = await api.get(at`/llm/services/${name.value}/ping`);
      changed();
      if (now.status === 'up') {
        toast(`${name.value} is connected and answers in ${millis(now.latency_ms)}.`);
        box.close();
        return;
      }
      put(outcome, problem({ title: `Saved, but ${name.value} does not answer`, message: now.error ?? now.status }));
      service ??= { name: name.value, provider: provider.value };
      name.input.readOnly = true;
    } catch (error) {
      put(outcome, blame([name, provider, ...fields], named(error)) ? null : problem(explained(error, 'connect services')));
    } finally {
      save.disabled = false;
    }
  } }, provider.element, about, name.element, own, outcome, h('div', { class: 'actions end' }, button('Cancel', { onclick: () => box.close() }), save));
  put(body, form);
  describe();
  provider.input.focus();
}

/** The fields' names as the API has them. */
function request(name, provider, fields) {
  const { baseUrl, ...rest } = values(fields);
  const settings = { name, provider };
  if (baseUrl) settings.urls = baseUrl.split(',').map((url) => url.trim()).filter(Boolean);
  for (const [key, value] of Object.entries(rest)) settings[snake(key)] = value;
  return settings;
}

function named(error) {
  if (error.param?.startsWith('urls')) error.param = 'baseUrl';
  else if (error.param) error.param = camel(error.param);
  return error;
}

