/** What of a command says which server it starts. */
export interface Subject {
  /** A package, script, image, host or program; undefined where the command names none. */
  text: string | undefined;
  /** The folder that it runs in, where the command says so. */
  folder: string | undefined;
  /** Whether it is an image of containers: its publisher stands before a slash. */
  image?: boolean;
  /** Whether the words before it were not all understood. */
  unsure: boolean;
}

/** A program that starts what its words name. */
interface Runner {
  /** Options that take a value. */
  valued: ReadonlySet<string>;
  /** Or those that take none, where most do. */
  bare?: RegExp;
  /** Words of its own before the subject. */
  verbs: ReadonlySet<string>;
  /** How many words stand before the subject, as in `timeout 5 server`. */
  skip?: number;
  /** Options that say which package it really is; the word behind them is a name within it. */
  sources?: ReadonlySet<string>;
  /** Options whose value is the program itself: what comes behind it are that one's words. */
  code?: ReadonlySet<string>;
  /** Its subject is a whole command again. */
  wraps?: boolean;
}

const words = (text: string): Set<string> => new Set(text.split(' '));
const runner = (valued: string, verbs = '', more: Partial<Runner> = {}): Runner => ({
  valued: words(valued),
  verbs: words(verbs),
  ...more,
});

const NODE = runner(
  '-r --require --import --loader --experimental-loader --env-file -C --conditions --title',
  'run',
  { code: words('-e --eval -p --print') },
);
const PACKAGES = runner(
  '-p --package -w --workspace --prefix -C --dir --cwd -c --call',
  'run exec dlx x tool start',
  { sources: words('-p --package') },
);
const PYTHON = runner('-W -X --spec --python', '-m run', { sources: words('--spec'), code: words('-c') });
const UV = runner(
  '--from --with --with-editable --with-requirements --directory --project --python -p --index --index-url --default-index --extra-index-url --find-links --env-file --group --extra --package --cache-dir --config-file --refresh-package --constraints --overrides -c -i -f',
  'run tool x -m --module -s --script',
  { sources: words('--from') },
);
const CONTAINERS = runner('', 'run container exec', {
  bare: /^-(?:[itdPq]+|-(?:rm|init|interactive|tty|detach|privileged|publish-all|read-only|quiet|no-healthcheck|sig-proxy|oom-kill-disable|disable-content-trust|use-api-socket|replace|tls-verify))$/,
});
const SHELL = runner('-O --rcfile --init-file -o', '-c -lc -ic -lic -ec /c /C /s /S');
const wraps = (valued: string, verbs = '', skip = 0): Runner => runner(valued, verbs, { wraps: true, skip });

const RUNNERS = new Map<string, Runner>(
  Object.entries({
    'node bun deno tsx ts-node': NODE,
    'npx bunx pnpx npm pnpm yarn': PACKAGES,
    'python python3 pipx': PYTHON,
    'uv uvx poetry': UV,
    'docker podman nerdctl': CONTAINERS,
    'bash sh zsh dash fish cmd powershell pwsh': SHELL,
    java: runner('-cp -classpath --class-path -p --module-path --add-modules', '-jar -m --module'),
    ssh: runner('-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w'),
    env: wraps('-u --unset -C --chdir -S --split-string'),
    sudo: wraps('-u --user -g --group -h --host -p --prompt -C -D --chdir'),
    'nice nohup setsid stdbuf exec caffeinate': wraps('-n -i -o -e'),
    timeout: wraps('-k --kill-after -s --signal', '', 1),
    'mise dotenvx op': wraps('-C --cd -f --env-file -E', 'exec x run'),
    direnv: wraps('', 'exec', 1),
  }).flatMap(([names, one]) => names.split(' ').map((name): [string, Runner] => [name, one])),
);
const SCRIPTED = /[;&|<>$`(){}'"\\\n*?]/;
const FOLDERS = words('--directory --project -C --chdir --cwd --dir --prefix --cd');
/** Programs that stand between a client and a server elsewhere: the address says which. */
const BRIDGES =
  /^(?:@[^/]+\/)?(?:mcp-remote|mcp-remote-[\w-]+|supergateway|mcp-proxy|mcp-bridge)(?:@[^/]*)?$/;
const URL_HOST = /^(?:https?|wss?):\/\/(?:[^/?#]*@)?([^/?#:]+)/i;
const MOST_WRAPPED = 8;

/** A program's name without its folder and ending. */
export const stem = (path: string): string =>
  (path.split(/[/\\]/).at(-1) ?? '').replace(/\.(?:exe|cmd)$/i, '').toLowerCase();

export const isRunner = (program: string): boolean => RUNNERS.has(stem(program));

/** Finds what a command starts behind the programs that only start something. */
export function subjectOf(command: readonly string[], depth = 0): Subject {
  const [program = '', ...args] = command;
  const name = stem(program).replace(/^(python)[\d.]+$/, '$1');
  const known = RUNNERS.get(name);
  if (known === undefined || depth > MOST_WRAPPED) return bridged(program, args);
  const { at, folder, source } = passed(args, known);
  const text = args[at];
  if (text === undefined) return { text: source, folder, unsure: source === undefined };
  const found = behind(name, known, args.slice(at), depth);
  return { ...found, text: source ?? found.text, folder: found.folder ?? folder };
}

/** What a runner's words start, from its subject on. */
function behind(
  name: string,
  known: Runner,
  [text = '', ...rest]: readonly string[],
  depth: number,
): Subject {
  if (name === 'ssh') {
    const there = rest.length > 0 ? subjectOf(rest, depth + 1) : { text, folder: undefined };
    return { ...there, unsure: true };
  }
  if (known === SHELL && (/\s/.test(text) || SCRIPTED.test(text))) return script(text, depth);
  if (known === CONTAINERS) return { text, folder: undefined, image: true, unsure: false };
  if (known.wraps === true || RUNNERS.has(stem(text))) return subjectOf([text, ...rest], depth + 1);
  return bridged(text, rest);
}

interface Passed {
  /** Where the subject stands. */
  at: number;
  folder: string | undefined;
  source: string | undefined;
}

/** Passes over a runner's own words. */
function passed(args: readonly string[], known: Runner): Passed {
  const found: Passed = { at: 0, folder: undefined, source: undefined };
  let skip = known.skip ?? 0;
  const parted = known.wraps === true ? args.indexOf('--') : -1;
  if (parted !== -1) return { ...found, at: parted + 1 };
  for (; found.at < args.length; found.at += 1) {
    const word = args[found.at] ?? '';
    const [option = '', inline] = word.split(/=(.*)/s, 2);
    if (known.code?.has(option) === true) return { ...found, at: args.length };
    if (FOLDERS.has(option)) found.folder = inline ?? args[found.at + 1];
    if (known.sources?.has(option) === true) found.source ??= inline ?? args[found.at + 1];
    if (known.verbs.has(word) || /^\w+=/.test(word) || word === '--') continue;
    if (!word.startsWith('-')) {
      if (skip === 0) break;
      skip -= 1;
    } else if (inline === undefined && takesValue(word, known)) found.at += 1;
  }
  return found;
}

function takesValue(option: string, { bare, valued }: Runner): boolean {
  return bare === undefined ? valued.has(option) : !bare.test(option);
}

/** A shell's script, where it is no more than one command. */
function script(text: string, depth: number): Subject {
  const plain = text.trim().replace(/^exec\s+/, '');
  if (SCRIPTED.test(plain)) return { text: undefined, folder: undefined, unsure: true };
  return subjectOf(plain.split(/\s+/), depth + 1);
}

/** A program, or the address that it only is a bridge to. */
function bridged(program: string, args: readonly string[]): Subject {
  if (!BRIDGES.test(program) && !BRIDGES.test(stem(program)))
    return { text: program, folder: undefined, unsure: false };
  const host = args.map((word) => URL_HOST.exec(word)?.[1]).find((one) => one !== undefined);
  const text = host === undefined ? program : `//${host.toLowerCase()}`;
  return { text, folder: undefined, unsure: host === undefined };
}
