// Overview: what runs where, and how it goes.

import { api, at } from './api.js';
import { tile } from './charts.js';
import { button, busy, card, chip, empty, h, head, loading, problem, progress, put, state, sync, toast } from './dom.js';
import { isActive, live, watch } from './live.js';
import { editService } from './services.js';
import { abilities, advance, ago, bytes, decimal, doing, millis, number, percent, seconds, split, subject } from './text.js';

const STATES = { up: ['good', 'Up'], down: ['bad', 'Down'], unknown: ['idle', 'Not asked yet'], 'not configured': ['idle', 'Not configured'], error: ['bad', 'Error'] };
const SHOWN_MODELS = 8;

export function overview(root) {
  const about = h('span', {}, location.host);
  const tiles = {
    in_flight: tile({ name: 'Calls in flight', format: number, least: 4 }),
    tokens_per_sec: tile({ name: 'Tokens', unit: '/s', format: decimal, least: 10, kind: 'second' }),
    calls_per_sec: tile({ name: 'Calls', unit: '/s', format: decimal, least: 1 }),
    errors_per_sec: tile({ name: 'Errors, last minute', format: percent, course: decimal, courseUnit: '/s', least: 1, kind: 'errors' }),
  };
  const start = h('div');
  const services = h('div', {}, loading(4, 'Loading services'));
  const models = h('div', {}, loading(3, 'Loading models'));
  const jobs = h('div', {}, loading(1, 'Loading jobs'));
  root.append(
    head('Overview', about, button('Connect a service', { look: 'primary', symbol: 'plus', onclick: () => editService() })),
    start,
    h('div', { class: 'tiles' }, Object.values(tiles).map((each) => each.element)),
    card('Services', { wide: true }, services),
    h('div', { class: 'columns' },
      card('Models in memory', { actions: [h('a', { class: 'button small', href: '#/models' }, 'All models')] }, models),
      card('Jobs under way', { actions: [h('a', { class: 'button small', href: '#/jobs' }, 'All jobs')] }, jobs)));

  return watch(() => {
    const now = live.state;
    if (!now) {
      if (live.status === 'refused' || live.status === 'lost') showProblem();
      return;
    }
    sync(about, `${location.host} · up for ${seconds((new Date(now.time) - new Date(now.started_at)) / 1000)} · ${number(now.calls)} calls`);
    for (const [name, each] of Object.entries(tiles)) each.draw(name === 'errors_per_sec' ? now.error_rate : now[name], live.history[name]);
    drawStart(start, now);
    drawServices(services, now);
    drawModels(models, now);
    drawJobs(jobs, now);
  });

  function showProblem() {
    const error = live.problem;
    const message = live.status === 'refused' && error.status === 403
      ? new Error('This key may call models but not see the gateway. The Playground works with it.') : error;
    put(services, problem(message));
    put(models);
    put(jobs);
  }
}

/** The way to a first answer, as long as there is none. */
function drawStart(place, now) {
  const usable = now.services.some((service) => service.status === 'up' && service.models > 0);
  const wanted = usable ? 'none' : 'start';
  if (place.dataset.shown === wanted) return;
  place.dataset.shown = wanted;
  put(place, !usable && h('section', { class: 'card start', 'aria-labelledby': 'start' },
    h('h2', { id: 'start' }, 'Get to a first answer'),
    h('ol', { class: 'steps' },
      h('li', {}, h('p', {}, h('strong', {}, 'Connect a service. '), 'Ollama, LM Studio and others are found by themselves when they run here; a cloud service needs its key.')),
      h('li', {}, h('p', {}, h('strong', {}, 'Test it. '), 'The form says at once what is wrong, or which models there are.')),
      h('li', {}, h('p', {}, h('strong', {}, 'Pick a model and talk to it '), 'on the page ', h('a', { href: '#/playground' }, 'Playground'), '.'))),
    h('div', { class: 'actions' }, button('Connect a service', { look: 'primary', symbol: 'plus', onclick: () => editService() }),
      h('a', { class: 'button', href: '#/models' }, 'Install a model'))));
}

function drawServices(place, now) {
  if (now.services.length === 0) {
    sync(place, empty('overview', 'No service is configured', 'A service is a place where models run: a runtime on this machine, another server, or a cloud API.'));
    return;
  }
  const here = now.services.filter((service) => service.status === 'up' || service.origin !== 'built-in');
  const away = now.services.filter((service) => !here.includes(service));
  sync(place,
    here.length > 0 ? h('ul', { class: 'services', 'data-key': 'here' }, here.map(line))
      : h('p', { class: 'muted' }, 'None of the services answers at the moment.'),
    away.length > 0 && h('details', { class: 'away', 'data-key': 'away', open: here.length === 0 },
      h('summary', {}, `${away.length} not in use`, h('span', { class: 'muted' }, ' — looked for at their usual places')),
      h('ul', { class: 'services' }, away.map(line))));
}

function line(service) {
  const [kind, word] = STATES[service.status] ?? ['idle', service.status];
  return h('li', { class: 'service', 'data-key': service.name },
    h('div', { class: 'service-name' }, h('strong', {}, service.name), h('span', { class: 'muted small' }, service.title ?? service.provider)),
    state(kind, word),
    h('dl', { class: 'facts' },
      fact('Latency', service.status === 'up' ? millis(service.latency_ms) : '–'),
      fact('Models', number(service.models)),
      fact('In flight', number(service.in_flight)),
      fact('Asked', ago(service.checked_at))),
    button(`Ask ${service.name} now`, { look: 'icon-only quiet', symbol: 'refresh', onclick: ping(service.name) }),
    service.status !== 'up' && service.error && h('p', { class: 'service-error' }, service.error));
}

function fact(name, value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}

function ping(name) {
  return (event) => busy(event.currentTarget, async () => {
    const now = await api.get(at`/llm/services/${name}/ping`);
    if (now.status === 'up') toast(`${name} answers in ${millis(now.latency_ms)}.`);
    else toast(`${name}: ${now.error ?? now.status}`, 'bad');
  });
}

function drawModels(place, now) {
  const ready = now.models.filter((model) => model.state === 'loaded' || model.state === 'loading');
  if (ready.length === 0) {
    sync(place, empty('models', 'No model is loaded', 'Local models are loaded when they are first asked for; those of cloud services are always there.',
      h('a', { class: 'button', href: '#/models' }, `See ${number(now.models_total)} models`)));
    return;
  }
  sync(place, h('ul', { class: 'rows' }, ready.slice(0, SHOWN_MODELS).map((model) => {
    const [service, name] = split(model.id);
    return h('li', { class: 'row', 'data-key': model.id },
      h('div', { class: 'row-main' }, h('a', { class: 'strong', href: `#/playground?model=${encodeURIComponent(model.id)}` }, name),
        h('span', { class: 'muted small' }, [service, model.quantization, bytes(model.size)].filter(Boolean).join(' · '))),
      h('span', { class: 'chips' }, abilities(model).map((word) => chip(word))),
      state(model.state === 'loaded' ? 'good' : 'busy', model.state === 'loaded' ? 'Loaded' : 'Loading'));
  })), ready.length > SHOWN_MODELS && h('p', { class: 'muted small' }, `and ${ready.length - SHOWN_MODELS} more`));
}

function drawJobs(place, now) {
  if (now.jobs === null || now.jobs === undefined) {
    sync(place, problem({ title: 'Jobs cannot be shown', message: now.jobs_error ?? 'The database is not there.' }));
    return;
  }
  const active = now.jobs.filter(isActive);
  if (active.length === 0) {
    sync(place, empty('jobs', 'Nothing to do', 'Installing, loading and deleting models shows up here.'));
    return;
  }
  sync(place, h('ul', { class: 'rows' }, active.map((job) => {
    const { share, words } = advance(job);
    const name = `${doing(job)} ${[job.params?.service_name, subject(job)].filter(Boolean).join('~')}`;
    return h('li', { class: 'row stacked', 'data-key': job.id }, h('span', { class: 'strong' }, name), progress(share, name), h('span', { class: 'muted small' }, words));
  })));
}
