import type { Home } from '../../platform/home.ts';
import { StopFile, stopWords } from '../../platform/stop-file.ts';
import type { Brake } from '../../watch/state/store.ts';
import { pullBrake, pulledWords } from './pull-brake.ts';

/** The brake of a home, as an approval terminal sees and pulls it. */
export function brakeOf(home: Home): Brake {
  const file = new StopFile(home);
  return {
    look: () => {
      const stop = file.read();
      return stop && stopWords(stop, file.path);
    },
    pull: async (reason) =>
      pulledWords(await pullBrake(home, reason, 'watch'))
        .slice(1)
        .join(' '),
  };
}
