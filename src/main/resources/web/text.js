// Numbers, times and answers as people read them.

const NUMBER = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });

export const number = (value) => (value === null || value === undefined ? '–' : NUMBER.format(value));
export const compact = (value) => (value === null || value === undefined ? '–' : COMPACT.format(value));

export function decimal(value) {
  if (value === null || value === undefined) return '–';
  return value >= 100 || value === 0 ? NUMBER.format(Math.round(value)) : value.toFixed(1);
}

export function percent(share) {
  if (!share) return '0 %';
  return share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`;
}

export function bytes(count) {
  if (!count) return null;
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = count;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

export function millis(ms) {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60000 ? `${(ms / 1000).toFixed(1)} s` : seconds(ms / 1000);
}

export function seconds(total) {
  if (total === null || total === undefined) return '–';
  const whole = Math.round(total);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

/** "5 minutes ago". */
export function ago(time) {
  if (!time) return 'never';
  const past = (new Date(time).getTime() - Date.now()) / 1000;
  if (Number.isNaN(past)) return '–';
  for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60]]) {
    if (Math.abs(past) >= size) return RELATIVE.format(Math.round(past / size), unit);
  }
  return Math.abs(past) < 10 ? 'just now' : RELATIVE.format(Math.round(past), 'second');
}

export function date(time) {
  return time ? new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }) : '–';
}

/** The two halves of service~model. */
export function split(unified) {
  const at = unified.indexOf('~');
  return at < 0 ? ['', unified] : [unified.slice(0, at), unified.slice(at + 1)];
}

const TYPES = { llm: 'Chat', vlm: 'Chat + vision', embeddings: 'Embeddings', vision: 'Vision' };

/** What a model is for, as short words. */
export function abilities(model) {
  const words = [];
  if (TYPES[model.type]) words.push(TYPES[model.type]);
  if (model.tooling) words.push('Tools');
  if (model.coding) words.push('Coding');
  return words;
}

/** How far a job is, as words and as a share. */
export function advance(job) {
  const now = job.progress;
  const share = now?.total > 0 ? Math.min(1, now.done / now.total) : null;
  const words = [job.state === 'queued' ? 'waiting' : now?.stage ?? 'running'];
  if (share !== null) words.push(percent(share));
  if (now?.total > 1000) words.push(`${bytes(now.done) ?? '0 B'} of ${bytes(now.total)}`);
  if (now?.rate > 1000) words.push(`${bytes(now.rate)}/s`);
  if (now?.eta) words.push(`${seconds(now.eta)} left`);
  return { share, words: words.join(' · ') };
}

const DOING = { install: 'Installing', import: 'Importing', update: 'Updating', load: 'Loading', unload: 'Unloading', delete: 'Deleting' };
const DONE = { install: 'installed', import: 'imported', update: 'updated', load: 'loaded', unload: 'unloaded', delete: 'deleted' };

export const doing = (job) => DOING[job.type] ?? job.type;
/** What a job is about; a damaged one does not say. */
export const subject = (job) => job.params?.model_name ?? '(unknown)';

export const done = (job) => DONE[job.type] ?? job.type;
