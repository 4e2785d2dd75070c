// A terminal's screen as a picture.
const PAPERS = { light: ['#ffffff', '#1c1c1c'], dark: ['#16181d', '#d8dbe2'] };
const [CELL, ROW, PAD] = [8.4, 18, 12];
const BASIC = ['#000000', '#cd3131', '#0dbc79', '#e5e510', '#2472c8', '#bc3fbc', '#11a8cd', '#e5e5e5'];
const LEVELS = [0, 95, 135, 175, 215, 255];
const hex = (...rgb) => `#${rgb.map((one) => Number(one).toString(16).padStart(2, '0')).join('')}`;

function indexed(n) {
  if (n < 16) return BASIC[n % 8];
  if (n >= 232) return hex(...Array(3).fill(8 + 10 * (n - 232)));
  const at = n - 16;
  return hex(LEVELS[Math.floor(at / 36)], LEVELS[Math.floor(at / 6) % 6], LEVELS[at % 6]);
}

/** Applies one SGR sequence. */
function styled(style, codes) {
  const left = codes.map(Number);
  while (left.length > 0) {
    const code = left.shift();
    if (code === 0) style = {};
    else if (code === 1) style = { ...style, bold: true };
    else if (code === 2) style = { ...style, dim: true };
    else if (code === 22) style = { ...style, bold: false, dim: false };
    else if (code === 7) style = { ...style, inverse: true };
    else if (code === 27) style = { ...style, inverse: false };
    else if (code === 38 || code === 48) {
      const colour = left.shift() === 5 ? indexed(left.shift()) : hex(...left.splice(0, 3));
      style = { ...style, [code === 38 ? 'ink' : 'paper']: colour };
    } else if (code === 39) style = { ...style, ink: undefined };
    else if (code === 49) style = { ...style, paper: undefined };
    else if (code >= 30 && code < 38) style = { ...style, ink: BASIC[code - 30] };
    else if (code >= 40 && code < 48) style = { ...style, paper: BASIC[code - 40] };
  }
  return style;
}

const escaped = (one) => one.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);
const wide = (one) =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
    one,
  )
    ? 2
    : 1;

/** What `tmux capture-pane -e -p` gives, as SVG. */
export function svgOf(screen, paper = 'dark') {
  const [PAPER, INK] = PAPERS[paper];
  const rows = screen.replace(/\n$/, '').split('\n');
  let columns = 0;
  let style = {};
  const drawn = [];
  for (const [y, row] of rows.entries()) {
    let x = 0;
    for (const part of row.split(/(\u001b\[[\d;]*m)/)) {
      const codes = /^\u001b\[([\d;]*)m$/.exec(part);
      if (codes !== null) {
        style = styled(style, codes[1] === '' ? ['0'] : codes[1].split(';'));
        continue;
      }
      const width = [...part].reduce((sum, one) => sum + wide(one), 0);
      if (width === 0) continue;
      const [paper, ink] = style.inverse
        ? [style.ink ?? INK, style.paper ?? PAPER]
        : [style.paper, style.ink ?? INK];
      const [left, top] = [PAD + x * CELL, PAD + y * ROW];
      if (paper !== undefined)
        drawn.push(
          `<rect x="${left.toFixed(1)}" y="${top}" width="${(width * CELL).toFixed(1)}" height="${ROW}" fill="${paper}"/>`,
        );
      if (part.trim() !== '') {
        const weight = style.bold ? ' font-weight="bold"' : '';
        const dim = style.dim ? ' opacity="0.6"' : '';
        drawn.push(
          `<text x="${left.toFixed(1)}" y="${top + 13}" textLength="${(width * CELL).toFixed(1)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" fill="${ink}"${weight}${dim}>${escaped(part)}</text>`,
        );
      }
      x += width;
    }
    columns = Math.max(columns, x);
  }
  const [width, height] = [columns * CELL + 2 * PAD, rows.length * ROW + 2 * PAD];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13.5">`,
    `<rect width="100%" height="100%" rx="6" fill="${PAPER}"/>`,
    ...drawn,
    '</svg>',
  ].join('\n');
}
