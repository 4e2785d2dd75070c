/** holdpoint itself as a client's file may name it: by its name, a path or the script. */
const OURS = /^(?:.*[/\\])?holdpoint(?:\.js|\.cmd|\.exe)?$/;
/** The same as a package, perhaps with a version. */
const PACKAGE = /^holdpoint(?:@[^/\\]*)?$/;
const SCRIPT = /[/\\]holdpoint\.js$/;
const ABSOLUTE = /^(?:[/\\]|[A-Za-z]:[/\\])/;

const words = (text: string): Set<string> => new Set(text.split(' '));

interface Starter {
  /** Options that take a value. */
  valued: Set<string>;
  /** Words of its own before the program's, as in `npm exec`. */
  verbs: Set<string>;
  /** Options by which it runs something else than the words behind them. */
  other: RegExp;
  /** It takes the name of a package, and may fetch it. */
  packages: boolean;
}
const starter = (valued: string, verbs: string, other: RegExp, packages = false): Starter => ({
  valued: words(valued),
  verbs: words(verbs),
  other,
  packages,
});
const NONE = /^(?!)/;
/** `node -e CODE holdpoint.js` runs CODE alone; `-pe`, `--eval=CODE` as well. */
const CODE = /^(?:-[a-z]*[epic]|--(?:eval|print|interactive|check|test|run)(?:=.*)?)$/s;
const CALL = /^(?:-c|--call(?:=.*)?)$/s;

/**
 * Programs that start the words behind them. `uv`, `docker` and the like are left out on purpose: in
 * `uv --directory /home/me/holdpoint run server.py` the folder is not holdpoint.
 */
const STARTERS: ReadonlyMap<string, Starter> = new Map([
  [
    'node',
    starter('-r --require --import --loader --experimental-loader --env-file -C --conditions', '', CODE),
  ],
  ['bun', starter('-r --preload --cwd --env-file', 'x', CODE)],
  ['npx', starter('-p --package -w --workspace --prefix', '', CALL, true)],
  ['bunx', starter('-p --package', '', NONE, true)],
  ['pnpx', starter('-p --package', '', CALL, true)],
  ['npm', starter('-p --package -w --workspace --prefix', 'exec x', CALL, true)],
  ['pnpm', starter('-p --package -C --dir', 'exec dlx', CALL, true)],
  ['yarn', starter('-p --package --cwd', 'exec dlx', NONE, true)],
  ['sudo', starter('-u --user -g --group -h --host -p --prompt -C -D --chdir', '', /^(?:-e|--edit)$/)],
  ['env', starter('-u --unset -C --chdir', '', /^(?:-[a-z0]*S|--split-string)/s)],
  ['cmd', starter('', '/c /C', NONE)],
]);
const VALUED = words(
  '--server --policy --as --home --client-waits --url --url-env --header-env --bearer-env --transport --was',
);

/**
 * Where the real server's command begins in a wrapped command line, or undefined for one that is not wrapped; behind
 * its last word for one of a remote server. Recognised wherever holdpoint was installed, and when a client swallowed
 * `--`.
 */
export function wrappedAt(vector: readonly string[]): number | undefined {
  let at = runAt(vector);
  if (at === undefined) return undefined;
  let remote = false;
  while (at < vector.length) {
    const word = vector[at] ?? '';
    if (word === '--') at += 1;
    if (word === '--' || !word.startsWith('-')) break;
    remote ||= /^--url(?:-env)?(?:=|$)/.test(word);
    at += VALUED.has(word) ? 2 : 1;
  }
  if (at < vector.length) return at;
  return remote ? vector.length : undefined;
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
  let fetched = false;
  for (let at = 0; at < vector.length; ) {
    const word = vector[at] ?? '';
    if (OURS.test(word) || (fetched && PACKAGE.test(word))) return at;
    const name = stem(word);
    // `wrap` writes the very node that runs it, whatever it is called. A package may be called anything too.
    const interprets = ABSOLUTE.test(word) || isNode(word);
    if (!fetched && interprets && SCRIPT.test(vector[at + 1] ?? '')) return at + 1;
    const starts = STARTERS.get(name);
    const next = starts && afterOptions(vector, at + 1, starts);
    if (next === undefined) return undefined;
    at = next;
    fetched ||= starts?.packages === true || (name === 'bun' && vector.slice(0, at).includes('x'));
  }
  return undefined;
}

/** Whether a package runner finds the holdpoint that a wrapped command line starts, wherever it gets it from. */
export function isFetched(vector: readonly string[]): boolean {
  const at = holdpointAt(vector) ?? 0;
  const before = vector.slice(0, at).map(stem);
  return before.some((name) => STARTERS.get(name)?.packages === true) || before.join(' ').includes('bun x');
}

/** Whether a program is called as Node or Bun is. */
export function isNode(program: string): boolean {
  return ['node', 'bun'].includes(stem(program));
}

function stem(program: string): string {
  const name = (program.split(/[/\\]/).at(-1) ?? '').toLowerCase().replace(/\.(?:exe|cmd)$/, '');
  return /^node(?:js)?[-.\d]*$/.test(name) ? 'node' : name;
}

/** Where a starter's own words end; undefined where they say that it starts something else. */
function afterOptions(
  vector: readonly string[],
  from: number,
  { valued, verbs, other }: Starter,
): number | undefined {
  let verb = false;
  let at = from;
  for (; at < vector.length; at += 1) {
    const word = vector[at] ?? '';
    if (other.test(word)) return undefined;
    if (valued.has(word)) at += 1;
    else if (!verb && verbs.has(word)) verb = true;
    else if (!word.startsWith('-') && !/^\w+=/.test(word)) break;
  }
  return at;
}
