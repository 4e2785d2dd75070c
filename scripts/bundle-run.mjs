// After tsc: puts what `holdpoint run` loads into a few files, dist/run, because each module of a start costs it time.
// Packages stay outside; names and comments stay as they are. Without it bin/holdpoint.js takes dist/cli/run/run.js:
// `--remove` makes it so, for a bundle beside a changed dist would be an old program.
import { readFileSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';

const dist = resolve(import.meta.dirname, '../dist');
const dir = resolve(dist, 'run');
const entry = resolve(dist, 'cli/run/run.js');

const UNDICI = 'undici/lib/dispatcher/agent.js';

/** Of undici, what the bridge never uses and each start would pay for (HTTP/2 alone 5 ms): whoever asks for it gets an error. */
const LEFT_OUT = {
  'lib/dispatcher/client-h2.js':
    'module.exports = () => { throw new Error("HTTP/2 is not part of holdpoint"); };',
  'lib/web/fetch/body.js':
    'exports.extractBody = () => { throw new Error("bodies of fetch are not part of holdpoint"); };',
};

function leftOut() {
  const met = new Set();
  return {
    name: 'left-out',
    load(id) {
      const part = Object.keys(LEFT_OUT).find((name) => id.endsWith(`/undici/${name}`));
      if (part === undefined) return undefined;
      met.add(part);
      return LEFT_OUT[part];
    },
    buildEnd() {
      if (met.size < Object.keys(LEFT_OUT).length)
        throw new Error('undici has other parts than it had: look what scripts/bundle-run.mjs leaves out.');
    },
  };
}

/** The files that these import, as tsc writes it, at once and not later. */
function reached(...starts) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, to] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\b[^'"=;]*?['"](\.[^'"]+)['"];/gm,
    ))
      visit(resolve(dirname(file), to));
  };
  for (const start of starts) visit(start);
  return seen;
}

async function bundle() {
  const { rolldown } = await import('rolldown');
  // Loaded before all else, so that the server boots meanwhile; while it boots; by every session, once it has spoken.
  const at = (name) => resolve(dist, `session/${name}.js`);
  const first = reached(entry);
  const early = reached(at('session'));
  const always = reached(at('from-home'), at('policy-session'));
  const groups = [
    { name: 'start', test: (id) => first.has(id) && id !== entry, priority: 3 },
    { name: 'session', test: (id) => early.has(id), priority: 2 },
    { name: 'policy', test: (id) => always.has(id), priority: 1 },
  ];
  // Sixty files of undici are one, for the same reason.
  const external = (id) => !id.startsWith('.') && !isAbsolute(id) && id !== UNDICI;
  // Each file's part begins with its name.
  const experimental = { attachDebugInfo: 'simple' };
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    external,
    experimental,
    plugins: [leftOut()],
  });
  const names = { entryFileNames: 'run.js', chunkFileNames: '[name].js' };
  await bundle.write({
    dir,
    format: 'esm',
    ...names,
    minify: false,
    comments: false,
    codeSplitting: { groups },
  });
  await bundle.close();
}

rmSync(dir, { recursive: true, force: true });
if (!process.argv.includes('--remove')) await bundle();
