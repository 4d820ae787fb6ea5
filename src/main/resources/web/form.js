// Forms: single fields, and whole forms from a provider's own description of what it needs.

import { button, h, put } from './dom.js';

let last = 0;

/** A field with label, hint and room for what is wrong with it. */
export function field({ name, label, hint, type = 'text', value, options, required, placeholder, min, max, step, rows, pattern, autocomplete = 'off', list }) {
  const id = `f${++last}`;
  const shared = { id, name, required, 'aria-describedby': `${id}-hint ${id}-error` };
  let input;
  if (options) {
    input = h('select', shared, options.map((option) => h('option', { value: option.value ?? option }, option.label ?? option)));
    if (value !== undefined && value !== null) input.value = value;
  } else if (type === 'textarea') {
    input = h('textarea', { ...shared, rows: rows ?? 3, placeholder, value: value ?? '' });
  } else if (type === 'checkbox') {
    input = h('input', { ...shared, type, checked: Boolean(value) });
  } else {
    input = h('input', { ...shared, type, placeholder, min, max, step, pattern, autocomplete, list, value: value ?? '',
      spellcheck: 'false', autocapitalize: 'off' });
  }
  const error = h('p', { class: 'field-error', id: `${id}-error` });
  const control = type === 'password' ? h('div', { class: 'with-button' }, input, reveal(input)) : input;
  const element = h('div', { class: `field ${type === 'checkbox' ? 'check' : ''}` },
    h('label', { for: id }, label, required && h('span', { class: 'required', title: 'required' }, ' *')),
    control, h('p', { class: 'hint', id: `${id}-hint` }, hint ?? ''), error);

  const told = {
    element, input, name, label,
    get value() {
      if (type === 'checkbox') return input.checked;
      const text = input.value.trim();
      if (text === '') return undefined;
      return type === 'number' ? Number(text) : text;
    },
    set value(next) {
      if (type === 'checkbox') input.checked = Boolean(next);
      else input.value = next ?? '';
    },
    get flaw() {
      if (options) return null;
      return type === 'number' ? numberFlaw(input) : input.validity.badInput ? 'Enter all of it, or nothing.' : null;
    },
    mark(message) {
      put(error, message ?? '');
      if (message) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    },
    fail(message) {
      told.mark(message);
      if (message) input.focus();
    },
  };
  input.addEventListener('input', () => told.mark(null)); // what was wrong may be right now
  input.addEventListener('change', () => told.flaw && told.mark(told.flaw));
  return told;
}

/** What is wrong with a typed number, null if nothing is. A step below 1 is for the arrows only. */
function numberFlaw({ validity, min, max, step }) {
  const whole = step === '' || step === '1';
  if (!validity.badInput && !validity.rangeUnderflow && !validity.rangeOverflow && !(whole && validity.stepMismatch)) return null;
  const range = min !== '' && max !== '' ? ` from ${min} to ${max}` : min !== '' ? ` of ${min} or more` : '';
  return `Enter a ${whole ? 'whole number' : 'number'}${range}${whole ? '' : ', such as 0.5'}.`;
}

function reveal(input) {
  return button('Show', { look: 'quiet small', onclick: (event) => {
    const hidden = input.type === 'password';
    input.type = hidden ? 'text' : 'password';
    put(event.currentTarget, hidden ? 'Hide' : 'Show');
  } });
}

const WORDS = { baseUrl: 'Base URL', apiKey: 'API key' };

function title(name, property) {
  if (property.title) return property.title;
  const words = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  return WORDS[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Fields for what a provider wants to know, with what is known filled in; a stored secret shows its mask. */
export function generated(provider, known = {}) {
  return Object.entries(provider.properties ?? {}).map(([name, property]) => {
    const secret = property.format === 'password';
    const numeric = property.type === 'integer' || property.type === 'number';
    const stored = secret ? known[name] : undefined;
    const told = Object.assign(field({
      name,
      label: title(name, property),
      hint: stored ? 'A key is stored. Leave this empty to keep it.' : property.description,
      type: secret ? 'password' : property.type === 'boolean' ? 'checkbox' : numeric ? 'number' : 'text',
      step: property.type === 'number' ? 'any' : undefined,
      options: property.enum,
      required: (property.required === true || (name === 'baseUrl' && provider.needs_url === true && property.default === undefined)) && !stored,
      placeholder: stored ?? (property.default === undefined ? property.example : String(property.default)),
      value: secret ? undefined : known[name] ?? (property.type === 'boolean' ? property.default : undefined),
      autocomplete: secret ? 'new-password' : 'off',
    }), { stored, api: property.field ?? name });
    if (stored) told.element.querySelector('.with-button').append(button('Remove', { look: 'quiet small', onclick: () => forget(told) }));
    return told;
  });
}

/** A stored secret is to go: its mask is not sent back. */
export function forget(secret) {
  secret.stored = '';
  secret.input.placeholder = '';
  put(secret.element.querySelector('.hint'), 'The stored key goes when you save.');
  secret.input.focus();
}

/** The values of fields by name; what was left empty is left out, but for a stored secret: its mask says that it stays. */
export function values(fields) {
  const all = {};
  for (const each of fields) {
    const value = each.value ?? each.stored;
    if (value !== undefined) all[each.name] = value;
  }
  return all;
}

/** Whether a field holds what cannot be read, such as half a date; the first one says so. */
export function flawed(fields) {
  const bad = fields.find((each) => each.flaw);
  bad?.fail(bad.flaw);
  return Boolean(bad);
}

/** Shows a refusal at the field that it names; whether there was one. */
export function blame(fields, error) {
  fields.forEach((each) => each.fail(null));
  const param = (error.param ?? '').replace(/^config\./, '').replace(/_([a-z])/g, (all, letter) => letter.toUpperCase());
  const guilty = fields.find((each) => error.param && (each.name === error.param || each.name === param));
  guilty?.fail(error.message);
  return Boolean(guilty);
}
