import { acting } from './acting-verbs.ts';
import { appended, caused, passive, quality } from './passive-deeds.ts';
import { alongside, befallsPeople, plural, thisCall } from './people.ts';
import type { Doubt, Line } from './sentence-line.ts';
import { aftermath, aside, befalls, future, nominal, particle, unsaid } from './turns-of-phrase.ts';

const CHECKS = [
  appended,
  befalls,
  nominal,
  quality,
  passive,
  aftermath,
  caused,
  future,
  acting,
  particle,
  befallsPeople,
  alongside,
  plural,
  thisCall,
] as const;

/** The first thing in a sentence that speaks of anything but reading. */
export function doubtIn(line: Line): Doubt | undefined {
  for (let at = 0; at < line.words.length; at += 1) {
    for (const check of CHECKS) {
      const doubt = check(line, at);
      if (doubt !== undefined) return doubt;
    }
  }
  return aside(line) ?? unsaid(line);
}
