// Calls of the gateway. The key is kept for this tab only, and travels in a header, never in a URL.

const KEY = 'caravan.key';
const LIMITED = 'caravan.limited';

export const session = {
  get key() {
    return sessionStorage.getItem(KEY);
  },
  set key(value) {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
    sessionStorage.removeItem(LIMITED);
  },
  /** Whether the key is a client's: it calls models and sees nothing of the gateway. */
  get limited() {
    return sessionStorage.getItem(LIMITED) !== null;
  },
  set limited(value) {
    if (value) sessionStorage.setItem(LIMITED, 'yes');
    else sessionStorage.removeItem(LIMITED);
  },
  /** Whether a key is demanded and there is none: whatever is asked for would be refused. */
  get locked() {
    return !session.key && document.querySelector('meta[name=caravan-keys]')?.content === 'required';
  },
};

/** A call that failed, in words that help. */
export class ApiError extends Error {
  constructor(status, message, { code, param, title } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
    this.title = title;
  }

  /** Whether this gateway has no such endpoint at all. */
  get missing() {
    return this.status === 405 || (this.status === 404 && this.code === 'unknown_url');
  }
}

function headers(body) {
  const all = {};
  if (session.key) all.Authorization = `Bearer ${session.key}`;
  if (body !== undefined) all['Content-Type'] = 'application/json';
  return all;
}

const TITLES = { 401: 'A key is needed', 403: 'Not with this key', 429: 'Too many calls', 503: 'Not at the moment' };

/** What a refusal says: {error:{message}}, {error:"…"} or {detail}. */
function refusal(status, text) {
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    // not JSON: said below
  }
  const error = body?.error ?? body?.detail ?? body;
  const message = typeof error === 'string' ? error : error?.message;
  return new ApiError(status, message || `Caravan answered ${status} without saying why.`,
    { code: error?.code, param: error?.param, title: TITLES[status] });
}

/** A raw answer; failures are ApiErrors, and who needs a key is asked for one. */
export async function send(method, path, body, { signal } = {}) {
  let answer;
  try {
    answer = await fetch(path, { method, headers: headers(body), signal, cache: 'no-store', credentials: 'omit', redirect: 'error',
      body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'Caravan does not answer. Is it still running?', { title: 'No connection' });
  }
  if (answer.ok) return answer;
  const failure = Object.assign(refusal(answer.status, await answer.text()), { headers: answer.headers });
  if (answer.status === 401) document.dispatchEvent(new CustomEvent('caravan-key-needed', { detail: failure.message }));
  throw failure;
}

async function call(method, path, body, options) {
  const answer = await send(method, path, body, options);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

export const api = {
  get: (path, options) => call('GET', path, undefined, options),
  post: (path, body, options) => call('POST', path, body ?? {}, options),
  put: (path, body, options) => call('PUT', path, body, options),
  patch: (path, body, options) => call('PATCH', path, body, options),
  remove: (path, options) => call('DELETE', path, undefined, options),
};

/** A path with names in it, each of them encoded. */
export function at(parts, ...names) {
  return parts.reduce((path, part, i) => path + part + (i < names.length ? encodeURIComponent(names[i]) : ''), '');
}

function lost(error) {
  throw error.name === 'AbortError' ? error : new ApiError(0, 'The connection was lost on the way.', { title: 'The answer broke off' });
}

/** The data of server-sent events of an answer, one by one, whatever pieces the network makes of them. */
export async function* events(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let data = [];
  try {
    for (;;) {
      const { value, done } = await reader.read().catch(lost);
      if (done) return;
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === '' && data.length > 0) {
          yield data.join('\n');
          data = [];
        } else if (line.startsWith('data:')) {
          data.push(line.slice(line[5] === ' ' ? 6 : 5));
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
