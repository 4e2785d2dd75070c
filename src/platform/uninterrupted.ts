const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work that a signal would cut in half, such as replacing a file by a temporary one: whoever stopped us meanwhile
 * is obeyed when it is done.
 */
export async function uninterrupted<T>(work: () => T): Promise<T> {
  let stopped: NodeJS.Signals | undefined;
  const later = (signal: NodeJS.Signals): void => {
    stopped = signal;
  };
  for (const signal of SIGNALS) process.on(signal, later);
  try {
    return work();
  } finally {
    // What came meanwhile is told by the second turn of the loop: the first may have begun already.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    for (const signal of SIGNALS) process.off(signal, later);
    if (stopped !== undefined) process.kill(process.pid, stopped);
  }
}
