/** Programs that run another package, script or image; the name lies behind them. */
const RUNNERS = new Set(
  'npx bunx uvx pipx node bun deno python python3 uv poetry npm pnpm yarn tsx ts-node docker podman cmd env sudo'.split(
    ' ',
  ),
);
const RUNNER_WORDS = new Set('run exec dlx x tool start serve -m /c -c create'.split(' '));
/** Options of the usual runners that take a value. */
const WITH_VALUE = new Set(
  '-e --env -v --volume --mount --name -p --package --from --with --directory --project --network -u --user -w --env-file --import -r --require --loader --python --index-url'.split(
    ' ',
  ),
);
/** File and folder names that say nothing about the server. */
const GENERIC = new Set(
  'index main cli server app stdio mcp start run dist build src bin lib out esm cjs node_modules __main__ mcp-server'.split(
    ' ',
  ),
);
const AFFIXES = [/^mcp-server-/, /^server-/, /^mcp-/, /-mcp-server$/, /-server-mcp$/, /-mcp$/];

/**
 * The server's name when no `--server` is given: the last telling part of the package, script or image in its
 * command, without scope, version and the usual affixes; never from what the server says of itself.
 */
export function deriveServerName(command: readonly string[]): string {
  const [program = '', ...args] = command;
  const subject = RUNNERS.has(stem(program)) ? firstSubject(args) : program;
  return clean(tellingPart(subject ?? program)) || 'server';
}

function firstSubject(args: readonly string[]): string | undefined {
  for (let i = 0; i < args.length; i += 1) {
    const word = args[i] ?? '';
    if (WITH_VALUE.has(word)) i += 1;
    else if (
      !word.startsWith('-') &&
      !RUNNER_WORDS.has(word) &&
      !RUNNERS.has(stem(word)) &&
      !/^\w+=/.test(word)
    ) {
      return word;
    }
  }
  return undefined;
}

const stem = (path: string): string =>
  (path.split(/[/\\]/).at(-1) ?? '').replace(/\.(?:exe|cmd)$/i, '').toLowerCase();

function tellingPart(subject: string): string {
  const parts = subject
    .replace(/^(?:npm|jsr|git\+https?|https?|file):\/*/i, '')
    .split(/[/\\]/)
    .map((part) => part.replace(/\.(?:[cm]?[jt]sx?|py|exe|sh|jar|git)$/i, ''))
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const bare = (part: string): string => part.replace(/(?<=.)[@:].*$/, '').toLowerCase();
  const telling = parts.findLast((part) => !GENERIC.has(bare(part)) && !part.startsWith('@'));
  // `@stripe/mcp`: only the scope says whose.
  return telling ?? parts.findLast((part) => part.startsWith('@'))?.slice(1) ?? parts.at(-1) ?? '';
}

function clean(part: string): string {
  const bare = part
    .toLowerCase()
    .replace(/(?<=.)[@:=].*$/, '')
    .replaceAll('_', '-');
  return AFFIXES.reduce(
    (name, affix) => (name.replace(affix, '') === '' ? name : name.replace(affix, '')),
    bare,
  );
}
