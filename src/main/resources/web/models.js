// Models: what there is, what can be had, and all that can be done with it.

import { api, at } from './api.js';
import { button, busy, chip, confirm, dialog, empty, h, head, loading, problem, progress, put, state, sync, toast } from './dom.js';
import { field } from './form.js';
import { isActive, jobsOf, live, watch } from './live.js';
import { abilities, advance, bytes, compact, doing, done, number, split, subject } from './text.js';

const PAGE = 100;
const COMING = ['install', 'import'];
const WAIT_MS = 200;
const UNUSABLE = ['error', 'disabled'];
const STATES = {
  loaded: ['good', 'Loaded'], 'not loaded': ['idle', 'Not loaded'], loading: ['busy', 'Loading'], sleeping: ['idle', 'Sleeping'],
  error: ['bad', 'Error'], available: ['good', 'Available'], unknown: ['idle', 'Unknown'],
};
const CAPABILITIES = { tools: 'Tools', vision: 'Vision', embeddings: 'Embeddings', coding: 'Coding', instructed: 'Instructed', streaming: 'Streaming', gguf: 'GGUF', mlx: 'MLX' };

const flags = new Map();
const begun = new Set();

/** What a service can do; asked once for each. */
function capabilities(service) {
  if (!flags.has(service)) {
    flags.set(service, api.get(at`/llm/services/${service}/capabilities`).catch(() => {
      flags.delete(service);
      return {};
    }));
  }
  return flags.get(service);
}

export function models(root, query) {
  const search = field({ name: 'text', label: 'Search', type: 'search', placeholder: 'Name, publisher, architecture', value: query.get('text') });
  const service = field({ name: 'service', label: 'Service', options: [{ value: '', label: 'All' }] });
  const type = choice('type', 'Type', { llm: 'Chat', vlm: 'Chat + vision', embeddings: 'Embeddings', vision: 'Vision', unknown: 'Unknown' });
  const inState = choice('state', 'State', { loaded: 'Loaded', 'not loaded': 'Not loaded', available: 'Available', error: 'Error' });
  const capability = choice('capability', 'Capability', CAPABILITIES);
  const fields = [search, service, type, inState, capability];
  const count = h('p', { class: 'muted small', role: 'status' });
  const arriving = h('div');
  const list = h('div', { class: 'list' }, loading(6, 'Loading models'));
  let shown = PAGE;
  let known = null;
  let can = {};
  let timer = null;
  let control = new AbortController();
  let version = null;

  const filters = h('form', { class: 'filters', role: 'search', 'aria-label': 'Models', onsubmit: (event) => event.preventDefault() }, fields.map((each) => each.element));
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { shown = PAGE; load(); }, WAIT_MS);
  };
  filters.addEventListener('input', changed);
  filters.addEventListener('change', changed); // not every way to choose tells of an input
  root.append(
    head('Models', 'What your services have, and what they could have.', button('Add a model', { look: 'primary', symbol: 'plus', onclick: () => addModel() })),
    h('section', { class: 'card wide', 'aria-label': 'Installed models' }, filters, count, arriving, list));

  async function load() {
    control.abort();
    control = new AbortController();
    const { signal } = control;
    const wanted = new URLSearchParams({ limit: shown });
    for (const each of fields) if (each.value) wanted.set(each.name, each.value);
    try {
      const answer = await api.get(`/llm/models?${wanted}`, { signal });
      const names = [...new Set(answer.data.map((model) => model.service))];
      const told = await Promise.all(names.map(async (name) => [name, await capabilities(name)]));
      if (signal.aborted) return; // another question has been asked meanwhile
      can = Object.fromEntries(told);
      known = answer;
      draw();
    } catch (error) {
      if (error.name === 'AbortError') return;
      known = null;
      put(count);
      put(list, problem(error, load));
    }
  }

  function draw() {
    if (!known) return;
    put(count, `${number(known.total)} ${known.total === 1 ? 'model' : 'models'}`);
    const ids = new Set(known.data.map((model) => model.id));
    const coming = (live.state?.jobs ?? []).filter((job) => isActive(job) && COMING.includes(job.type) && !ids.has(idOf(job)));
    sync(arriving, coming.length > 0 && h('ul', { class: 'rows' }, coming.map((job) => h('li', { class: 'row model working', 'data-key': job.id },
      h('div', { class: 'row-main' }, h('span', { class: 'strong' }, subject(job)), h('span', { class: 'muted small' }, job.params?.service_name)), working(job, idOf(job))))));
    if (known.data.length === 0) {
      const filtered = fields.some((each) => each.value);
      sync(list, filtered
        ? empty('search', 'No model fits', 'Take a filter away, or search for another word.', button('Clear the filters', { onclick: clear }))
        : empty('models', 'No models yet', 'Start a local runtime, connect a service, or install a model.', button('Add a model', { look: 'primary', symbol: 'plus', onclick: () => addModel() })));
      return;
    }
    sync(list, h('ul', { class: 'rows', 'data-key': 'models' }, known.data.map((model) => row(model, can[model.service] ?? {}))),
      known.total > known.data.length && button(`Show more (${number(known.total - known.data.length)})`, { look: 'center', onclick: () => { shown += PAGE; load(); } }));
  }

  function clear() {
    for (const each of fields) each.value = '';
    load();
    search.input.focus();
  }

  load();
  const stop = watch(() => {
    const now = live.state;
    if (!now) return;
    const names = now.services.map((each) => each.name);
    if (service.input.options.length !== names.length + 1) {
      const chosen = service.value ?? query.get('service') ?? '';
      put(service.input, h('option', { value: '' }, 'All'), names.map((name) => h('option', { value: name }, name)));
      service.value = names.includes(chosen) ? chosen : '';
    }
    tellEnded(now.jobs ?? []);
    if (version !== null && version !== now.models_version) load();
    else draw();
    version = now.models_version;
  });
  return () => { stop(); control.abort(); clearTimeout(timer); };
}

function choice(name, label, words) {
  return field({ name, label, options: [{ value: '', label: 'Any' }, ...Object.entries(words).map(([value, text]) => ({ value, label: text }))] });
}

/** Says how the jobs ended that were begun here. */
export function tellEnded(jobs) {
  for (const job of jobs) {
    if (!begun.has(job.id) || isActive(job)) continue;
    begun.delete(job.id);
    const name = subject(job);
    if (job.state === 'succeeded') toast(`${name} is ${done(job)}.`);
    else toast(`${doing(job)} ${name}: ${job.error?.message ?? job.state}`, job.state === 'cancelled' ? 'good' : 'bad');
  }
}

const idOf = (job) => `${job.params?.service_name}~${subject(job)}`;

/** Makes a job; its progress comes with the news. */
async function begin(type, service, model, more = {}) {
  const job = await api.post('/jobs', { type, params: { service_name: service, model_name: model, ...more } });
  begun.add(job.id);
  return job;
}

function row(model, can) {
  const [service, name] = split(model.id);
  const [kind, word] = STATES[model.state] ?? ['idle', model.state];
  const [job] = jobsOf(service, name);
  const facts = [service, model.publisher, model.architecture, model.parameters, model.quantization, bytes(model.size),
    model.max_tokens && `${compact(model.max_tokens)} tokens`].filter(Boolean);
  const chats = model.type !== 'embeddings' && model.usable !== false;
  return h('li', { class: `row model ${job ? 'working' : ''}`, 'data-model': model.id, 'data-key': `${model.id} ${job?.id ?? ''}` },
    h('div', { class: 'row-main' },
      chats ? h('a', { class: 'strong', href: `#/playground?model=${encodeURIComponent(model.id)}`, title: `Talk to ${name}` }, name) : h('span', { class: 'strong' }, name),
      h('span', { class: 'muted small' }, facts.join(' · '))),
    h('span', { class: 'chips' }, abilities(model).map((each) => chip(each))),
    job ? working(job, model.id) : [state(kind, word), h('div', { class: 'row-actions' }, actions(model, service, name, can))]);
}

function working(job, id) {
  const { share, words } = advance(job);
  return h('div', { class: 'job-line' }, progress(share, `${doing(job)} ${id}`), h('span', { class: 'muted small' }, `${doing(job)}: ${words}`),
    button(`Cancel: ${doing(job)} ${id}`, { look: 'icon-only quiet', symbol: 'close', onclick: (event) => busy(event.currentTarget, () => cancel(job)) }));
}

export async function cancel(job) {
  begun.delete(job.id);
  await api.remove(at`/jobs/${job.id}`);
  toast(`Cancelled: ${doing(job)} ${subject(job)}.`);
}

function actions(model, service, name, can) {
  const act = (type) => (event) => busy(event.currentTarget, () => begin(type, service, name));
  const loaded = model.state === 'loaded';
  return [
    can.LoadModel && !loaded && button(`Load ${name}`, { look: 'icon-only quiet', symbol: 'load', 'data-key': 'load', onclick: act('load') }),
    can.UnloadModel && loaded && button(`Unload ${name}`, { look: 'icon-only quiet', symbol: 'unload', 'data-key': 'unload', onclick: act('unload') }),
    can.DeleteModel && button(`Delete ${name}`, { look: 'icon-only quiet', symbol: 'trash', 'data-key': 'delete', onclick: async (event) => {
      const element = event.currentTarget;
      if (await confirm('Delete this model?', `${name} is deleted from ${service}, its file too. It would have to be installed again.`, 'Delete')) {
        busy(element, () => begin('delete', service, name));
      }
    } }),
  ];
}

const REGISTRIES = { huggingface: 'Hugging Face', ollama: 'Ollama', cortex: 'Cortex' };
const EXAMPLES = { llamacpp: 'owner/repository:file.gguf', ollama: 'llama3.2:3b', lmstudio: 'qwen/qwen3-4b', localai: 'localai@phi-2', cortex: 'tinyllama:1b', 'llama-server': 'owner/repository:Q4_K_M' };

/** Finds a model in a registry, or takes its name, and has a service install it. */
async function addModel() {
  const where = field({ name: 'service', label: 'Install it at', options: [''], required: true });
  const name = field({ name: 'model', label: 'Model', required: true });
  const registry = field({ name: 'registry', label: 'Registry', options: Object.entries(REGISTRIES).map(([value, label]) => ({ value, label })) });
  const text = field({ name: 'search', label: 'Search', type: 'search', placeholder: 'tiny llama' });
  const found = h('div', { class: 'found' });
  const able = [];
  const outcome = h('div', { class: 'outcome', role: 'status' });
  const go = button('Install', { type: 'submit', look: 'primary', symbol: 'download' });
  const install = h('form', { class: 'install', novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    where.fail(where.value ? null : 'No service here can install models.');
    name.fail(name.value ? null : 'Name the model.');
    if (!where.value || !name.value) return;
    put(outcome);
    busy(go, async () => {
      try {
        await begin('install', where.value, name.value);
      } catch (error) {
        put(outcome, problem(error));
        return;
      }
      toast(`${name.value} is being installed; the page Jobs shows how far it is.`);
      box.close();
      location.hash = '#/jobs';
    });
  } }, where.element, name.element, outcome, h('div', { class: 'actions end' }, go));
  const lookup = h('form', { class: 'lookup', role: 'search', onsubmit: (event) => { event.preventDefault(); look(); } },
    registry.element, text.element, button('Search', { type: 'submit', symbol: 'search' }));
  const box = dialog('Add a model', [install, h('h3', {}, 'Find one'), lookup, found], { wide: true });

  function hint() {
    const provider = able.find((service) => service.name === where.value)?.provider;
    name.input.placeholder = EXAMPLES[provider] ?? '';
    put(name.element.querySelector('.hint'), EXAMPLES[provider] ? `For example ${EXAMPLES[provider]}` : '');
  }
  where.input.addEventListener('change', hint);

  async function look() {
    put(found, loading(3, 'Searching'));
    const wanted = new URLSearchParams({ registry: registry.value, search: text.value ?? '', limit: 30 });
    try {
      const answer = await api.get(`/llm/registry/models?${wanted}`);
      const cached = answer.cached && h('p', { class: 'note' }, `${REGISTRIES[answer.registry]} cannot be reached; this is what was found before.`);
      put(found, cached, answer.data.length === 0 ? empty('search', 'Nothing found', 'Try another word.')
        : h('ul', { class: 'rows' }, answer.data.map(result)));
    } catch (error) {
      put(found, problem(error, look));
    }
  }

  function result(model) {
    const facts = [model.downloads !== undefined && `${compact(model.downloads)} downloads`, model.likes !== undefined && `${compact(model.likes)} likes`,
      model.parameters, bytes(model.size), model.is_gguf && 'GGUF', model.is_mlx && 'MLX'].filter(Boolean);
    return h('li', { class: 'row' }, h('div', { class: 'row-main' }, h('span', { class: 'strong' }, model.name), h('span', { class: 'muted small' }, facts.join(' · '))),
      button('Choose', { look: 'small', 'aria-label': `Choose ${model.name}`, onclick: () => { name.value = model.model_id; name.input.focus(); } }));
  }

  try {
    const services = (await api.get('/llm/services')).data;
    for (const service of services.filter(({ status }) => !UNUSABLE.includes(status))) if ((await capabilities(service.name)).InstallModel) able.push(service);
    able.sort((one, other) => (other.status === 'up') - (one.status === 'up'));
    put(where.input, able.map((service) => h('option', { value: service.name }, service.status === 'up' ? service.name : `${service.name} (${service.status})`)));
    if (able.length === 0) where.fail('No service here can install models.');
    hint();
  } catch (error) {
    where.fail(error.message);
  }
}
