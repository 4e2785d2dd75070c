/**
 * Variables by which somebody else's code comes into a process before its first line. Data, not code.
 * Sources: node(1), ld.so(8), dyld(1).
 */
const INJECTING = [
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_REPL_EXTERNAL_MODULE',
  'ELECTRON_RUN_AS_NODE',
  'LD_PRELOAD',
  'LD_AUDIT',
  'DYLD_INSERT_LIBRARIES',
];

/**
 * Why no approver key must be unlocked in this process, as a sentence, or undefined. `execArgv` are Node's own
 * options. It stops what was set by mistake or in a shell's start-up file; code that runs already can hide itself.
 */
export function unsafeToSign(env: NodeJS.ProcessEnv, execArgv: readonly string[]): string | undefined {
  const variable = INJECTING.find((name) => (env[name] ?? '') !== '');
  if (variable !== undefined) {
    return `${variable} is set, by which other code could read your key. Unset it (unset ${variable}) and start again.`;
  }
  const option = execArgv[0];
  return option === undefined
    ? undefined
    : `Node was started with ${option.slice(0, 64)}, by which other code could read your key. Start holdpoint without it.`;
}
