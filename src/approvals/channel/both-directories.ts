import type { ProxyDirectory } from './channel.ts';

/** The proxies of this machine, and those elsewhere: their places have other spellings. */
export function bothDirectories(here: ProxyDirectory, elsewhere: ProxyDirectory): ProxyDirectory {
  return {
    list: () => [...here.list(), ...elsewhere.list()],
    connect: (place, attending, handlers) => {
      const directory = elsewhere.list().includes(place) ? elsewhere : here;
      return directory.connect(place, attending, handlers);
    },
    watch: (changed) => {
      const ends = [here.watch(changed), elsewhere.watch(changed)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
