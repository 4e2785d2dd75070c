/** Starts a watch, and gives what that gives once all that lay there at first was read. Rejects as the start does. */
export async function watchedWhole<T>(start: (caughtUp: () => void) => Promise<T>): Promise<T> {
  let caughtUp = (): void => {};
  const read = new Promise<void>((done) => {
    caughtUp = done;
  });
  const started = await start(caughtUp);
  await read;
  return started;
}
