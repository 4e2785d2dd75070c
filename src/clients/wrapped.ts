/** holdpoint itself as a client's file may name it: by its name, a path, the script, or a package with a version. */
const OURS = /^(?:.*[/\\])?holdpoint(?:\.js|\.cmd|\.exe)?$|^holdpoint@[^/\\]*$/;
const SCRIPT = /[/\\]holdpoint\.js$/;

const words = (text: string): Set<string> => new Set(text.split(' '));

interface Starter {
  /** Options that take a value. */
  valued: Set<string>;
  /** Words of its own before the program's, as in `npm exec`. */
  verbs: Set<string>;
}
const starter = (valued: string, verbs = ''): Starter => ({ valued: words(valued), verbs: words(verbs) });

/**
 * Programs that start the words behind them. `uv`, `docker` and the like are left out on purpose: in
 * `uv --directory /home/me/holdpoint run server.py` the folder is not holdpoint.
 */
const STARTERS: ReadonlyMap<string, Starter> = new Map([
  ['node', starter('-r --require --import --loader --experimental-loader --env-file -C --conditions')],
  ['bun', starter('-r --preload --cwd --env-file', 'x')],
  ['npx', starter('-p --package -w --workspace --prefix')],
  ['bunx', starter('-p --package')],
  ['pnpx', starter('-p --package')],
  ['npm', starter('-p --package -w --workspace --prefix', 'exec x')],
  ['pnpm', starter('-p --package -C --dir', 'exec dlx')],
  ['yarn', starter('-p --package --cwd', 'exec dlx')],
  ['sudo', starter('-u --user -g --group -h --host -p --prompt -C -D --chdir')],
  ['env', starter('-u --unset -C --chdir')],
  ['cmd', starter('', '/c /C')],
]);
const VALUED = words('--server --policy --as --home --client-waits');

/**
 * Where the real server's command begins in a wrapped command line, or undefined for one that is not wrapped.
 * Recognised wherever holdpoint was installed, and when a client swallowed `--`.
 */
export function wrappedAt(vector: readonly string[]): number | undefined {
  let at = runAt(vector);
  if (at === undefined) return undefined;
  while (at < vector.length) {
    const word = vector[at] ?? '';
    if (word === '--') return at + 1 < vector.length ? at + 1 : undefined;
    if (!word.startsWith('-')) return at;
    at += VALUED.has(word) ? 2 : 1;
  }
  return undefined;
}

/** Where the words behind `holdpoint run` begin, whether or not a server's command is among them. */
export function runAt(vector: readonly string[]): number | undefined {
  let at = holdpointAt(vector);
  if (at === undefined) return undefined;
  // `npm exec holdpoint -- run …` needs one of its own.
  if (vector[at + 1] === '--') at += 1;
  return vector[at + 1] === 'run' ? at + 2 : undefined;
}

function holdpointAt(vector: readonly string[]): number | undefined {
  for (let at = 0; at < vector.length; ) {
    const word = vector[at] ?? '';
    if (OURS.test(word)) return at;
    // Whatever the interpreter is called: `wrap` writes the very node that runs it.
    if (SCRIPT.test(vector[at + 1] ?? '')) return at + 1;
    const starts = STARTERS.get(stem(word));
    if (starts === undefined) return undefined;
    at = afterOptions(vector, at + 1, starts);
  }
  return undefined;
}

function stem(program: string): string {
  const name = (program.split(/[/\\]/).at(-1) ?? '').toLowerCase().replace(/\.(?:exe|cmd)$/, '');
  return /^node(?:js)?[-.\d]*$/.test(name) ? 'node' : name;
}

function afterOptions(vector: readonly string[], from: number, { valued, verbs }: Starter): number {
  let verb = false;
  let at = from;
  for (; at < vector.length; at += 1) {
    const word = vector[at] ?? '';
    if (valued.has(word)) at += 1;
    else if (!verb && verbs.has(word)) verb = true;
    else if (!word.startsWith('-') && !/^\w+=/.test(word)) break;
  }
  return at;
}
