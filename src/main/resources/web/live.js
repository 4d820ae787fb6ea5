// What goes on at the gateway, as it happens: one stream of GET /api/events for the whole page.

import { events, send, session } from './api.js';

const KEPT = 120;
const PAUSES = [1, 2, 4, 8, 15, 30];
const SERIES = ['in_flight', 'tokens_per_sec', 'calls_per_sec', 'errors_per_sec'];
const SILENCE_MS = 6000;

const watchers = new Set();
let stream = null;
let retry = null;
let failures = 0;

export const live = { state: null, history: {}, status: 'connecting', problem: null };

/** Calls back now and at each change, until the function that it returns is called. */
export function watch(callback) {
  watchers.add(callback);
  if (live.state || live.problem) callback(live);
  return () => watchers.delete(callback);
}

function tell() {
  for (const callback of [...watchers]) callback(live);
  document.dispatchEvent(new CustomEvent('caravan-live', { detail: live }));
}

function status(now, problem = null) {
  live.status = now;
  live.problem = problem;
  tell();
}

function take(next) {
  // models and history come when they have changed; else what was told before stays
  const models = next.models ?? live.state?.models ?? [];
  if (next.history) live.history = next.history;
  else for (const name of SERIES) live.history[name] = [...(live.history[name] ?? []), next[name]].slice(-KEPT);
  live.state = { ...next, models };
  failures = 0;
  status('live');
}

async function run(control) {
  let silence = null;
  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(() => control.abort(), SILENCE_MS);
  };
  try {
    const answer = await send('GET', '/api/events', undefined, { signal: control.signal });
    alive();
    for await (const event of events(answer)) {
      alive();
      take(JSON.parse(event));
    }
    again(control, 'The connection has ended.');
  } catch (error) {
    if (error.status === 401 || error.status === 403 || error.missing) {
      if (control === stream) status(error.status === 401 ? 'locked' : 'refused', error);
    } else {
      again(control, error.message);
    }
  } finally {
    clearTimeout(silence);
  }
}

/** Connects once more after a pause that grows, unless somebody else has done so. */
function again(control, why) {
  if (control !== stream) return;
  const pause = PAUSES[Math.min(failures, PAUSES.length - 1)];
  failures += 1;
  status('lost', new Error(why));
  clearTimeout(retry);
  retry = setTimeout(connect, pause * 1000);
}

/** Begins anew with another key: what was told to the old one is forgotten. */
export function renew() {
  live.state = null;
  live.history = {};
  connect();
}

/** Begins, or goes on after a pause. */
export function connect() {
  clearTimeout(retry);
  stream?.abort();
  stream = new AbortController();
  if (session.locked) {
    status('locked');
    return;
  }
  if (session.limited) {
    status('refused', new Error('This key may call models but not see the gateway.'));
    return;
  }
  run(stream);
}

/** A tab that nobody looks at needs no news. */
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    clearTimeout(retry);
    const old = stream;
    stream = null;
    old?.abort();
  } else if (!stream) {
    connect();
  }
});

/** The running jobs on a model. */
export function jobsOf(service, model) {
  return (live.state?.jobs ?? []).filter((job) => isActive(job)
    && job.params?.service_name === service && job.params?.model_name === model);
}

export function isActive(job) {
  return job.state === 'queued' || job.state === 'running';
}
