// Playground: talk to a model, and see how it did.

import { api, events, send, session } from './api.js';
import { live, watch } from './live.js';
import { button, copy, empty, h, head, problem, put, toast } from './dom.js';
import { field } from './form.js';
import { decimal, millis, number } from './text.js';

const kept = { messages: [], model: null, system: '', parameters: {} };
const NEAR_END = 80;
const BURST_MS = 50;
const MINE = '/proxy '; // no model of the gateway is called so: it would be a path

export function playground(root, query) {
  const model = field({ name: 'model', label: 'Model', options: [{ value: '', label: 'Loading…' }] });
  const system = field({ name: 'system', label: 'System prompt', type: 'textarea', rows: 3, value: kept.system, placeholder: 'You are a helpful assistant.' });
  const parameters = [
    field({ name: 'temperature', label: 'Temperature', type: 'number', min: 0, max: 2, step: 0.1, placeholder: 'default', value: kept.parameters.temperature }),
    field({ name: 'max_tokens', label: 'Most tokens', type: 'number', min: 1, step: 1, placeholder: 'no limit', value: kept.parameters.max_tokens }),
    field({ name: 'top_p', label: 'Top p', type: 'number', min: 0, max: 1, step: 0.05, placeholder: '1', value: kept.parameters.top_p }),
    field({ name: 'seed', label: 'Seed', type: 'number', step: 1, placeholder: 'random', value: kept.parameters.seed }),
    field({ name: 'stop', label: 'Stop at', placeholder: 'none', value: kept.parameters.stop }),
  ];
  const input = h('textarea', { id: 'prompt', rows: 1, placeholder: 'Say something', 'aria-label': 'Message', enterkeyhint: 'send' });
  const sendButton = button('Send', { type: 'submit', look: 'primary icon-only round', symbol: 'send' });
  const stopButton = button('Stop', { look: 'icon-only round', symbol: 'stop', hidden: true, onclick: () => running?.abort() });
  const talk = h('div', { class: 'talk', role: 'log', 'aria-label': 'Conversation', tabindex: '0' });
  const spoken = h('div', { class: 'hidden-text', role: 'status' });
  const curl = h('code');
  let running = null;
  let touched = false;
  let listed = null;

  const form = h('form', { class: 'prompt', onsubmit: (event) => { event.preventDefault(); ask(); } }, input, sendButton, stopButton);
  root.append(
    head('Playground', 'Talk to any model through the same API that your apps use.', button('New chat', { symbol: 'plus', onclick: clear })),
    h('div', { class: 'play' },
      h('section', { class: 'card chat', 'aria-label': 'Chat' }, h('div', { class: 'chat-model' }, model.element), talk, spoken, form),
      h('aside', { class: 'play-side' },
        h('details', { class: 'card', open: matchMedia('(min-width: 60rem)').matches }, h('summary', {}, h('h2', {}, 'Parameters')), system.element, h('div', { class: 'pair' }, parameters.map((each) => each.element))),
        h('details', { class: 'card', open: matchMedia('(min-width: 60rem)').matches }, h('summary', {}, h('h2', {}, 'The same with curl')), h('pre', { class: 'code', tabindex: '0' }, curl),
          button('Copy', { look: 'small', symbol: 'copy', onclick: () => copy(curl.textContent) })))));

  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      ask();
    }
    if (event.key === 'Escape') running?.abort();
  });
  input.addEventListener('input', () => { grow(); drawCurl(); });
  model.input.addEventListener('change', () => { touched = true; });
  root.addEventListener('input', remember);
  root.addEventListener('change', remember);

  function remember() {
    kept.model = model.value ?? kept.model;
    kept.system = system.value ?? '';
    kept.parameters = Object.fromEntries(parameters.map((each) => [each.name, each.value]));
    drawCurl();
  }

  function grow() {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight + 2, 200)}px`;
  }

  /** The request that asks this, or once more what was asked last. */
  function request(text) {
    const asked = kept.messages.slice(0, text ? undefined : -2);
    text ||= kept.messages.at(-2)?.content;
    // questions and answers take turns; one without an answer is taken back
    const told = asked.filter((each, i) => isAnswered(asked[i - i % 2 + 1])).map(({ role, content }) => ({ role, content }));
    const body = { model: endpoint().model, messages: [...(system.value ? [{ role: 'system', content: system.value }] : []), ...told] };
    body.messages.push({ role: 'user', content: text });
    for (const each of parameters) if (each.value !== undefined && !each.flaw) body[each.name] = each.value;
    return { ...body, stream: true, stream_options: { include_usage: true } };
  }

  /** The chosen model's name, and the endpoint that knows it. */
  function endpoint() {
    const chosen = model.value ?? '';
    return chosen.startsWith(MINE) ? { path: '/proxy/llm/v1', model: chosen.slice(MINE.length) } : { path: '/v1', model: model.value };
  }

  function drawCurl() {
    const body = JSON.stringify(request(input.value.trim() || (kept.messages.length === 0 ? 'Hello' : '')), null, 2);
    const key = sessionStorage.getItem('caravan.key') ? ' \\\n  -H "Authorization: Bearer $CARAVAN_KEY"' : '';
    put(curl, `curl -N ${location.origin}${endpoint().path}/chat/completions${key} \\\n  -H 'Content-Type: application/json' \\\n  -d '${body.replaceAll("'", "'\\''")}'`);
  }

  function drawTalk() {
    if (kept.messages.length === 0) {
      put(talk, empty('playground', 'Ask something', 'The answer streams in here, with its tokens and times. Nothing is kept when you close the tab.'));
      return;
    }
    put(talk, kept.messages.map(bubble));
    talk.scrollTop = talk.scrollHeight;
  }

  function clear() {
    running?.abort();
    kept.messages = [];
    drawTalk();
    drawCurl();
    input.focus();
  }

  async function ask() {
    const text = input.value.trim();
    if (running || !text) return;
    if (!model.value) {
      toast('Choose a model first.', 'bad');
      model.input.focus();
      return;
    }
    const flawed = parameters.find((each) => each.flaw);
    if (flawed) {
      flawed.element.closest('details').open = true; // to be seen
      flawed.fail(flawed.flaw);
      return;
    }
    const body = request(text);
    const answer = { role: 'assistant', content: '', reasoning: '', facts: {} };
    kept.messages.push({ role: 'user', content: text }, answer);
    input.value = '';
    grow();
    drawTalk();
    running = new AbortController();
    sendButton.hidden = true;
    stopButton.hidden = false;
    talk.setAttribute('aria-busy', 'true');
    const place = talk.lastChild;
    let wanted = false;
    // one drawing a frame, however many pieces come
    const draw = () => {
      if (wanted) return;
      wanted = true;
      requestAnimationFrame(() => {
        wanted = false;
        const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < NEAR_END;
        place.replaceChildren(...bubble(answer).childNodes);
        if (atEnd) talk.scrollTop = talk.scrollHeight;
      });
    };
    answer.running = true;
    try {
      await stream(endpoint().path, body, answer, draw, running.signal);
    } catch (error) {
      if (error.name === 'AbortError') answer.facts.stopped = true;
      else Object.assign(answer, { failed: true, error });
    }
    delete answer.running;
    running = null;
    sendButton.hidden = false;
    stopButton.hidden = true;
    talk.removeAttribute('aria-busy');
    draw();
    drawCurl();
    put(spoken, answer.failed ? `Failed: ${answer.error.message}` : `Answer: ${answer.content}`);
    input.focus();
  }

  /** Fills the list of models; again, when the news tell of others: what was chosen stays, if it can. */
  async function offer(again = false) {
    try {
      const all = (await api.get('/v1/models')).data.map((each) => each.id);
      if (again && all.join() === listed) return;
      listed = all.join();
      const wanted = again ? model.value : query.get('model') ?? kept.model;
      const groups = Map.groupBy ? Map.groupBy(all, (id) => id.split('~')[0]) : new Map([['Models', all]]);
      put(model.input, all.length === 0 && h('option', { value: '' }, 'No model is there yet'),
        [...groups].map(([service, ids]) => h('optgroup', { label: service }, ids.map((id) => h('option', { value: id }, id)))));
      const known = all.includes(wanted);
      model.value = known ? wanted : await loaded(all) ?? all[0] ?? '';
      remember();
      const own = await ownModels();
      if (own.ids.length > 0) offerOwn(own, wanted, known || touched);
      else if (all.length === 0 && !again) put(talk, empty('models', 'There is no model to talk to', 'Connect a service, start a local runtime, or install a model.', h('a', { class: 'button primary', href: '#/models' }, 'Models')));
      remember();
    } catch (error) {
      if (!again) put(talk, problem(error, () => { drawTalk(); offer(); }));
    }
  }

  /** The caller's backend is on offer too; with a default model it is what one begins with. */
  function offerOwn({ ids, first }, wanted, settled) {
    const before = model.value;
    model.input.querySelector('option[value=""]')?.remove();
    model.input.prepend(h('optgroup', { label: 'Your backend' }, ids.map((id) => h('option', { value: MINE + id }, id))));
    const same = ids.find((id) => MINE + id === wanted);
    const best = same ?? (settled ? null : first) ?? (before ? null : ids[0]);
    model.value = best ? MINE + best : before;
  }

  drawTalk();
  drawCurl();
  offer();
  if (matchMedia('(min-width: 60rem)').matches) input.focus();
  let version = null;
  const stop = watch(() => {
    const now = live.state?.models_version;
    if (version !== null && now !== undefined && now !== version) offer(true);
    version = now ?? version;
  });
  return () => { stop(); running?.abort(); };
}

const isAnswered = (answer) => answer.content && !answer.failed;

/** A model that is in memory, to begin with. */
async function loaded(all) {
  if (session.limited) return undefined;
  const answer = await api.get('/llm/models?state=loaded&limit=20').catch(() => ({ data: [] }));
  return answer.data.map((each) => each.id).find((id) => all.includes(id) && !id.includes('embed'));
}

/** The models of the caller's own backend, its default one first; none if nothing was chosen or it does not answer. */
async function ownModels() {
  const chosen = await api.get('/api/settings/llm').catch(() => ({}));
  if (!chosen.backend_type) return { ids: [] };
  const told = await api.get('/proxy/llm/v1/models').then((answer) => answer.data.map((each) => each.id)).catch(() => []);
  const first = chosen.default_model;
  return { first, ids: first ? [first, ...told.filter((id) => id !== first)] : told };
}

/** Who answered, or failed to. */
function provenance(headers) {
  return { service: headers?.get('x-caravan-service'), attempts: Number(headers?.get('x-caravan-attempts') ?? 1),
    fallback: headers?.get('x-caravan-fallback-reason'), dropped: headers?.get('x-caravan-dropped-params') };
}

/** Reads the answer into a message as it comes, with what can be measured about it. */
async function stream(path, body, answer, draw, signal) {
  const began = performance.now();
  const facts = answer.facts;
  const reply = await send('POST', `${path}/chat/completions`, body, { signal }).catch((error) => {
    Object.assign(facts, provenance(error.headers));
    throw error;
  });
  Object.assign(facts, provenance(reply.headers));
  let pieces = 0;
  let whole = false;
  for await (const event of events(reply)) {
    if (event === '[DONE]') {
      whole = true;
      break;
    }
    const chunk = JSON.parse(event);
    if (chunk.error) throw Object.assign(new Error(chunk.error.message), { title: 'The answer broke off' });
    const delta = chunk.choices?.[0]?.delta ?? {};
    const thought = delta.reasoning_content ?? delta.reasoning;
    if (delta.content || thought) {
      pieces += 1;
      facts.first ??= performance.now() - began;
    }
    answer.content += delta.content ?? '';
    answer.reasoning += thought ?? '';
    facts.model = chunk.model ?? facts.model;
    facts.finish = chunk.choices?.[0]?.finish_reason ?? facts.finish;
    if (chunk.usage) facts.usage = chunk.usage;
    facts.time = performance.now() - began;
    facts.tokens = facts.usage?.completion_tokens ?? pieces;
    draw();
  }
  facts.time = performance.now() - began;
  if (!whole) throw Object.assign(new Error('The connection ended before the answer did.'), { title: 'The answer broke off' });
}

function bubble(message) {
  if (message.role === 'user') return h('article', { class: 'said user', 'aria-label': 'You' }, h('p', {}, message.content));
  return h('article', { class: 'said', 'aria-label': 'Model' },
    message.reasoning && h('details', { class: 'thought', open: !message.content }, h('summary', {}, 'Reasoning'), h('p', {}, message.reasoning)),
    message.content ? h('div', { class: 'answer' }, paragraphs(message.content)) : message.running && !message.reasoning && h('p', { class: 'dots', 'aria-label': 'The model is thinking' }, h('span'), h('span'), h('span')),
    message.failed && problem(message.error),
    figures(message));
}

function figures({ facts, running, content }) {
  if (!facts.service && !facts.time) return null;
  // an answer that came in one burst tells no pace; then the whole time counts
  const spread = facts.time - facts.first > BURST_MS;
  const speed = facts.tokens > 1 && facts.first && (spread ? (facts.tokens - 1) / (facts.time - facts.first) : facts.tokens / facts.time) * 1000;
  const all = [
    facts.service && ['Answered by', facts.service],
    facts.tokens !== undefined && ['Tokens', facts.usage ? `${number(facts.usage.prompt_tokens)} in, ${number(facts.usage.completion_tokens)} out` : number(facts.tokens)],
    facts.first !== undefined && ['First token', millis(facts.first)],
    speed && ['Speed', `${decimal(speed)} tokens/s`],
    facts.attempts > 0 && ['Attempts', facts.fallback ? `${facts.attempts} (${facts.fallback})` : number(facts.attempts)],
    facts.finish && facts.finish !== 'stop' && ['Ended by', facts.finish],
    facts.stopped && ['Ended by', 'you'],
    facts.dropped && ['Not taken', facts.dropped],
  ].filter(Boolean);
  return h('div', { class: 'said-foot' }, h('dl', { class: 'figures' }, all.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
    !running && content && button('Copy the answer', { look: 'icon-only quiet', symbol: 'copy', onclick: () => copy(content) }));
}

/** Fenced code, inline code and bold; everything else stays as the model wrote it. */
function paragraphs(text) {
  return text.split(/^```/m).map((part, i) => {
    if (i % 2 === 0) return part.split(/\n{2,}/).filter((each) => each.trim()).map((each) => h('p', {}, inline(each.trim())));
    const code = part.replace(/^[^\n]*\n?/, '').replace(/\n$/, '');
    return h('div', { class: 'code-block' }, h('pre', { class: 'code', tabindex: '0' }, h('code', {}, code)), button('Copy the code', { look: 'icon-only quiet', symbol: 'copy', onclick: () => copy(code) }));
  });
}

function inline(text) {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/).map((part) => {
    if (part.length > 2 && part.startsWith('`') && part.endsWith('`')) return h('code', {}, part.slice(1, -1));
    if (part.length > 4 && part.startsWith('**') && part.endsWith('**')) return h('strong', {}, part.slice(2, -2));
    return part;
  });
}
