import type { Home } from '../../platform/home.ts';
import { StopFile, stopWords } from '../../platform/stop-file.ts';

/** That everything is stopped and how that ends, for whoever asks about something else; undefined: it is not. */
export function stoppedWords(home: Home): string | undefined {
  const file = new StopFile(home);
  const stop = file.read();
  return (
    stop && `${stopWords(stop, file.path)} Every call is refused until a person runs "holdpoint resume".`
  );
}
