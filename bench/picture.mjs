// Draws what `bench/audit.mjs` prints as a picture of growth: node bench/audit.mjs 10000,100000,1000000 1000 | node bench/picture.mjs > docs/growth.svg
import { text } from 'node:stream/consumers';

const SERIES = {
  list: '#1a7f5a',
  'show SESSION/CALL': '#2b6cb0',
  stats: '#b7791f',
  verify: '#9b2c2c',
  export: '#6b46c1',
};
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 360, 70, 190, 24, 46];
const points = {};
let records = 0;
for (const line of (await text(process.stdin)).split('\n')) {
  const head = /^(\d+) records in/.exec(line);
  if (head !== null) records = Number(head[1]);
  const row = /^(\S.*?)\s{2,}([\d.]+)\s/.exec(line);
  if (row !== null && row[1] in SERIES)
    points[row[1]] = [...(points[row[1]] ?? []), [records, Number(row[2])]];
}
const all = Object.values(points).flat();
const [least, most] = [Math.min(...all.map(([x]) => x)), Math.max(...all.map(([x]) => x))];
const [low, high] = [0.05, 10];
const log = Math.log10;
const x = (value) => LEFT + ((log(value) - log(least)) / (log(most) - log(least))) * (WIDTH - LEFT - RIGHT);
const y = (value) =>
  HEIGHT - BOTTOM - ((log(value) - log(low)) / (log(high) - log(low))) * (HEIGHT - TOP - BOTTOM);
const said = (n) => n.toLocaleString('en');

const lines = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
  `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
];
for (const tick of [0.1, 1, 10]) {
  lines.push(`<path d="M${LEFT} ${y(tick)}H${WIDTH - RIGHT}" stroke="#ddd"/>`);
  lines.push(`<text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end" fill="#444">${tick} s</text>`);
}
for (const tick of [...new Set(all.map(([one]) => one))])
  lines.push(
    `<text x="${x(tick)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#444">${said(tick)}</text>`,
  );
lines.push(
  `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle" fill="#444">records in the log</text>`,
);
let lastLabel = Number.POSITIVE_INFINITY;
for (const [name, series] of Object.entries(points).sort(([, a], [, b]) => a.at(-1)[1] - b.at(-1)[1])) {
  const colour = SERIES[name];
  const path = series
    .map(([a, b], at) => `${at === 0 ? 'M' : 'L'}${x(a).toFixed(1)} ${y(b).toFixed(1)}`)
    .join('');
  lines.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
  for (const [a, b] of series)
    lines.push(`<circle cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="3" fill="${colour}"/>`);
  const [, end] = series.at(-1);
  lastLabel = Math.min(y(end) + 4, lastLabel - 16);
  lines.push(
    `<text x="${WIDTH - RIGHT + 10}" y="${lastLabel.toFixed(1)}" fill="${colour}">audit ${name}: ${end} s</text>`,
  );
}
console.log([...lines, '</svg>'].join('\n'));
