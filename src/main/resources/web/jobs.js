// Jobs: work on models that goes on whatever happens to the page.

import { api } from './api.js';
import { button, busy, empty, h, head, loading, problem, progress, put, state, sync } from './dom.js';
import { field } from './form.js';
import { isActive, live, watch } from './live.js';
import { cancel, tellEnded } from './models.js';
import { advance, ago, doing, number, seconds, subject } from './text.js';

const PAGE = 50;
const WAIT_MS = 200;
const STATES = {
  queued: ['idle', 'Waiting'], running: ['busy', 'Running'], succeeded: ['good', 'Succeeded'],
  failed: ['bad', 'Failed'], cancelled: ['idle', 'Cancelled'], interrupted: ['bad', 'Interrupted'],
};

export function jobs(root) {
  const wanted = field({ name: 'state', label: 'State', options: [{ value: '', label: 'Any' }, ...Object.entries(STATES).map(([value, [, label]]) => ({ value, label }))] });
  const service = field({ name: 'service', label: 'Service', placeholder: 'any' });
  const count = h('p', { class: 'muted small', role: 'status' });
  const list = h('div', { class: 'list' }, loading(4, 'Loading jobs'));
  let known = null;
  let shown = PAGE;
  let signature = '';
  let timer = null;
  let control = new AbortController();
  const filters = h('form', { class: 'filters', role: 'search', 'aria-label': 'Jobs', onsubmit: (event) => event.preventDefault() }, wanted.element, service.element);
  const changed = () => { clearTimeout(timer); timer = setTimeout(load, WAIT_MS); };
  filters.addEventListener('input', changed);
  filters.addEventListener('change', changed); // not every way to choose tells of an input
  root.append(head('Jobs', 'Installing, loading, unloading and deleting models.', h('a', { class: 'button', href: '#/models' }, 'All models')),
    h('section', { class: 'card wide', 'aria-label': 'Jobs' }, filters, count, list));

  async function load() {
    control.abort();
    control = new AbortController();
    const query = new URLSearchParams({ limit: shown });
    if (wanted.value) query.set('state', wanted.value);
    if (service.value) query.set('service', service.value);
    try {
      known = await api.get(`/jobs?${query}`, { signal: control.signal });
      draw();
    } catch (error) {
      if (error.name === 'AbortError') return;
      known = null;
      put(count);
      put(list, problem(error, load));
    }
  }

  /** News are newer than what was loaded. */
  function draw() {
    if (!known) return;
    const news = new Map((live.state?.jobs ?? []).map((job) => [job.id, job]));
    put(count, `${number(known.total)} ${known.total === 1 ? 'job' : 'jobs'}`);
    if (known.data.length === 0) {
      sync(list, empty('jobs', 'No jobs', wanted.value || service.value ? 'None fits these filters.' : 'Install or load a model, and you see here how far it is.', h('a', { class: 'button', href: '#/models' }, 'Models')));
      return;
    }
    sync(list, h('ul', { class: 'rows', 'data-key': 'jobs' }, known.data.map((job) => row(fresher(job, news.get(job.id))))),
      known.total > known.data.length && button('Show more', { look: 'center', onclick: () => { shown += PAGE; load(); } }));
  }

  load();
  const stop = watch(() => {
    const all = live.state?.jobs ?? [];
    tellEnded(all);
    const now = all.map((job) => `${job.id} ${job.state}`).join();
    if (now === signature) draw();
    else load();
    signature = now;
  });
  return () => { stop(); control.abort(); clearTimeout(timer); };
}

/** A job that is over stays so, whichever of two answers was slower. */
function fresher(job, news) {
  return news && isActive(job) ? news : job;
}

function row(job) {
  const [kind, word] = STATES[job.state] ?? ['idle', job.state];
  const name = `${doing(job)} ${subject(job)}`;
  const { share, words } = advance(job);
  const took = job.finished_at && job.started_at ? (new Date(job.finished_at) - new Date(job.started_at)) / 1000 : null;
  return h('li', { class: 'row job', tabindex: '-1', 'data-key': job.id },
    h('div', { class: 'row-main' }, h('span', { class: 'strong' }, name),
      h('span', { class: 'muted small' }, [job.params?.service_name, ago(job.created_at), took !== null && `took ${seconds(took)}`].filter(Boolean).join(' · '))),
    state(kind, word),
    isActive(job) && h('div', { class: 'job-line', 'data-key': 'progress' }, job.state === 'running' && progress(share, name), h('span', { class: 'muted small' }, words),
      button(`Cancel: ${name}`, { look: 'icon-only quiet', symbol: 'close', onclick: (event) => busy(event.currentTarget, () => cancel(job)) })),
    job.error && h('p', { class: 'service-error', 'data-key': 'error' }, job.error.message));
}
