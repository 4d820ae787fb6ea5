// Settings: the caller's own backend with its default model, and the services of this gateway.

import { api, session } from './api.js';
import { busy, button, card, confirm, h, head, icon, loading, problem, put, redraw, setBusy, state, toast } from './dom.js';
import { blame, field, flawed, generated, values } from './form.js';
import { explained, providerList, serviceCard } from './services.js';
import { ago, date, millis, number } from './text.js';

const STATUS_EVERY_MS = 10000;

export function settings(root) {
  const place = h('div', {}, loading(5, 'Loading your settings'));
  const services = session.limited ? null : serviceCard();
  root.append(head('Settings', services ? 'Which backend answers you, and which services there are.' : 'Which backend answers you.'), h('div', { class: 'stack' },
    card('Your backend', { about: 'What answers at /proxy/llm/v1 for you, and the model that you get if you name none.' }, place), services?.element));
  let left = false;
  let stop = () => {};
  const lists = new Map();
  async function load() {
    try {
      const [providers, now] = await Promise.all([providerList(), api.get('/api/settings/llm')]);
      if (left) return;
      stop();
      stop = backend(place, providers, now, lists, load);
    } catch (error) {
      redraw(place, problem(error.missing ? { title: 'Not in this version', message: 'This Caravan has no settings of users yet.' } : error, error.missing ? undefined : load));
    }
  }
  load();
  return () => {
    left = true;
    stop();
    services?.stop();
  };
}

/** @param lists the models that backends told since the page was opened, by provider: saving does not forget them */
function backend(place, providers, now, lists, reload) {
  const type = field({ name: 'backend_type', label: 'Backend', required: true,
    options: [{ value: '', label: 'Choose one' }, ...providers.map((each) => ({ value: each.name, label: each.title ?? each.name }))] });
  const known = provider(providers, now.backend_type);
  type.value = known?.name ?? '';
  const about = h('p', { class: 'muted small' });
  const own = h('div', { class: 'fields' });
  const model = field({ name: 'default_model', label: 'Default model', options: [{ value: '', label: 'None' }] });
  const outcome = h('div', { class: 'outcome', role: 'status' });
  const status = h('div', { class: 'status-line' });
  let fields = [];
  let control = new AbortController();

  /** The form that the provider's own description makes. */
  function describe() {
    const chosen = provider(providers, type.value);
    const stored = earlier(chosen);
    put(about, chosen?.description ?? '');
    fields = chosen ? generated(chosen, stored ? { ...stored.config, baseUrl: stored.config?.url } : {}) : [];
    put(own, fields.map((each) => each.element));
    put(outcome);
    offer(lists.get(type.value) ?? [], stored?.default_model);
  }

  /** What is kept of a backend: of the active one, or of one that was left for another. */
  function earlier(chosen) {
    if (!chosen) return null;
    return chosen === known ? now : (now.backends ?? []).find((each) => provider(providers, each.backend_type) === chosen);
  }

  function offer(names, chosen) {
    const all = chosen && !names.includes(chosen) ? [chosen, ...names] : names;
    put(model.input, h('option', { value: '' }, 'None'), all.map((name) => h('option', { value: name }, name)));
    model.value = chosen ?? '';
  }

  function draft() {
    const stored = earlier(provider(providers, type.value));
    const hidden = Object.entries(stored?.config ?? {}).filter(([name]) => !['url', 'model', ...fields.map((each) => each.name)].includes(name));
    const { baseUrl, ...config } = { ...Object.fromEntries(hidden), ...values(fields) }; // what no field shows stays
    if (baseUrl || stored?.config?.url) config.url = baseUrl ?? ''; // left out it would stay
    return { backend_type: stored?.backend_type ?? type.value, config, default_model: model.value ?? null };
  }

  /** Asks the backend now, and shows what comes of it as it comes. */
  async function test(element) {
    if (!type.value) {
      type.fail('Choose a backend.');
      return;
    }
    if (flawed(fields)) return;
    control.abort();
    control = new AbortController();
    const { signal } = control;
    const asking = type.value;
    const began = performance.now();
    const clock = setInterval(() => put(outcome, state('busy', `Asking it … ${millis(performance.now() - began)}`)), 200);
    setBusy(element, true);
    put(outcome, state('busy', 'Asking it …'));
    try {
      const { default_model: chosen, ...asked } = draft();
      const answer = await api.post('/api/settings/llm/test', asked, { signal });
      clearInterval(clock);
      if (answer.status === 'connected') {
        lists.set(asking, answer.models ?? []);
        if (type.value === asking) offer(lists.get(asking), model.value ?? chosen);
        put(outcome, h('div', { class: 'note good' }, icon('check', 18), h('span', {}, connected(answer))));
        blame(fields, {});
      } else {
        put(outcome, problem({ title: 'Not connected', message: answer.error.replace("'config.", "'") }));
      }
    } catch (error) {
      clearInterval(clock);
      if (error.name !== 'AbortError') put(outcome, blame([type, ...fields, model], named(error)) ? null : problem(explained(error, 'test a backend')));
    } finally {
      clearInterval(clock);
      setBusy(element, false);
    }
    if (now.backend_type) look();
  }

  /** What the stored backend has, whatever the form says. */
  const refresh = (event) => busy(event.currentTarget, async () => {
    const asking = type.value;
    const stored = provider(providers, asking) === known && known;
    const answer = stored ? await api.get('/api/settings/llm/models') : await api.post('/api/settings/llm/test', draft());
    if (answer.status === 'error') throw new Error(answer.error);
    const names = (answer.models ?? []).map((each) => (typeof each === 'string' ? each : each.id));
    lists.set(asking, names);
    if (type.value === asking) offer(names, model.value);
    toast(`${number(names.length)} ${names.length === 1 ? 'model' : 'models'}.`);
  });

  async function look() {
    try {
      const told = await api.get('/api/settings/llm/status', { signal: control.signal });
      drawStatus(status, told);
    } catch (error) {
      if (error.name !== 'AbortError') put(status, state('bad', error.message));
    }
  }

  const save = button('Save', { type: 'submit', look: 'primary', symbol: 'check' });
  const form = h('form', { class: 'backend', novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    if (!type.value) {
      type.fail('Choose a backend.');
      return;
    }
    if (flawed(fields)) return;
    busy(save, async () => {
      try {
        blame([type, ...fields, model], {});
        await api.post('/api/settings/llm', draft());
        toast('Saved.');
        reload();
      } catch (error) {
        if (!blame([type, ...fields, model], named(error))) throw error;
      }
    });
  } },
  type.element, about, own,
  h('div', { class: 'with-button wide' }, model.element, button('Refresh the models', { look: 'icon-only', symbol: 'refresh', onclick: refresh })),
  outcome,
  h('div', { class: 'actions' }, button('Test connection', { symbol: 'refresh', onclick: (event) => test(event.currentTarget) }), save,
    now.backend_type && button('Forget', { look: 'quiet', symbol: 'trash', onclick: () => forget(() => { lists.clear(); reload(); }) })));

  type.input.addEventListener('change', describe);
  if (!now.backend_type) put(status, h('p', { class: 'muted' }, 'You have chosen no backend yet.'));
  describe();
  redraw(place, now.error && problem({ title: 'Something is wrong with what is stored', message: now.error }), status, form);
  let timer = null;
  if (now.backend_type) {
    look();
    timer = setInterval(() => document.hidden || look(), STATUS_EVERY_MS);
  }
  return () => { control.abort(); clearInterval(timer); };
}

const OTHER_NAMES = { chatgpt: 'openai' };

function provider(providers, name) {
  return providers.find((each) => each.name === name) ?? providers.find((each) => each.name === OTHER_NAMES[name]);
}

function named(error) {
  if (error.param === 'config.url') error.param = 'baseUrl';
  return error;
}

function connected(answer) {
  const info = answer.server_info ?? {};
  const count = answer.models?.length ?? 0;
  return [`Connected${info.name ? ` to ${info.name}` : ''}`, `${number(count)} ${count === 1 ? 'model' : 'models'}`, info.version && `version ${info.version}`,
    info.latency_ms !== undefined && millis(info.latency_ms)].filter(Boolean).join(' · ');
}

function drawStatus(place, told) {
  const good = told.connection === 'connected' || told.connected;
  put(place, h('dl', { class: 'facts' },
    h('div', {}, h('dt', {}, 'Connection'), h('dd', {}, state(good ? 'good' : 'bad', good ? 'Connected' : told.connection ?? 'Unknown'))),
    h('div', {}, h('dt', {}, 'Active model'), h('dd', {}, told.active_model ?? 'none')),
    h('div', {}, h('dt', {}, 'Last test'), h('dd', { title: date(told.last_test) }, ago(told.last_test)))),
  !good && told.error && h('p', { class: 'service-error' }, told.error));
}

async function forget(reload) {
  if (!await confirm('Forget your backend?', 'Its address, key and default model are deleted. Services of the gateway stay.', 'Forget')) return;
  try {
    await api.remove('/api/settings/llm');
    toast('Forgotten.');
    reload();
  } catch (error) {
    toast(error.message, 'bad');
  }
}
