// Small charts of the latest two minutes, drawn as SVG.

import { h, s, put } from './dom.js';

const WIDTH = 240;
const HEIGHT = 64;
const SLOTS = 120;
const TOP = 6;

/** The next round number above a value, so that the scale does not tremble. */
function ceiling(value, least) {
  if (value <= least) return least;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 7.5, 10].map((step) => step * power).find((round) => round >= value);
}

function points(values, most) {
  const first = SLOTS - values.length;
  return values.map((value, i) => [((first + i) / (SLOTS - 1)) * WIDTH, HEIGHT - (value / most) * (HEIGHT - TOP)]);
}

function line(all) {
  return all.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

/**
 * A figure with its course: draw(value, values) shows the present one.
 *
 * name: what it is; format: its text; course: the text of what is drawn; least: the smallest top of the scale.
 */
export function tile({ name, format, course: told = format, least = 1, kind = '', unit = '', courseUnit = unit }) {
  const value = h('span', { class: 'tile-value' }, '–');
  const top = h('span', { class: 'tile-top', 'aria-hidden': 'true' });
  const area = s('path', { class: 'area' });
  const course = s('path', { class: 'course', 'vector-effect': 'non-scaling-stroke' });
  const mark = s('line', { class: 'mark', y1: 0, y2: HEIGHT, 'vector-effect': 'non-scaling-stroke', visibility: 'hidden' });
  const chart = s('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
    [0.5, 1].map((y) => s('line', { class: 'grid', x1: 0, x2: WIDTH, y1: y * HEIGHT, y2: y * HEIGHT, 'vector-effect': 'non-scaling-stroke' })),
    area, course, mark);
  const readout = h('span', { class: 'tile-readout', 'aria-hidden': 'true' });
  let shown = [];

  function point(event) {
    const box = chart.getBoundingClientRect();
    const slot = Math.round(((event.clientX - box.left) / box.width) * (SLOTS - 1));
    const at = slot - (SLOTS - shown.length);
    const known = at >= 0 && at < shown.length;
    mark.setAttribute('visibility', known ? 'visible' : 'hidden');
    mark.setAttribute('x1', (slot / (SLOTS - 1)) * WIDTH);
    mark.setAttribute('x2', (slot / (SLOTS - 1)) * WIDTH);
    put(readout, known ? `${told(shown[at])}${courseUnit}, ${SLOTS - 1 - slot} s ago` : '');
  }
  chart.addEventListener('pointermove', point);
  chart.addEventListener('pointerleave', () => { mark.setAttribute('visibility', 'hidden'); put(readout); });

  const element = h('section', { class: `tile ${kind}`, 'aria-label': name },
    h('div', { class: 'tile-head' }, h('h3', {}, name), readout), h('p', { class: 'tile-line' }, value, unit && h('span', { class: 'tile-unit' }, unit), top), chart);

  function draw(now, values = []) {
    shown = values;
    const most = ceiling(Math.max(0, ...values), least);
    const all = points(values, most);
    put(value, format(now));
    put(top, values.length > 1 ? `peak ${told(Math.max(...values))}${courseUnit}` : '');
    course.setAttribute('d', line(all));
    area.setAttribute('d', all.length > 0 ? `${line(all)}L${WIDTH} ${HEIGHT}L${all[0][0].toFixed(1)} ${HEIGHT}Z` : '');
    chart.setAttribute('aria-label', values.length > 0
      ? `${name} over the last ${values.length} seconds: now ${format(now)}${unit}, at most ${told(Math.max(...values))}${courseUnit}` : `${name}: nothing measured yet`);
  }
  return { element, draw };
}
