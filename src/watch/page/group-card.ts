import { mayJoin } from '../state/demands.ts';
import type { Entry, Screen } from '../state/screen.ts';
import { type Drawn, laidOut, type Place, warningLines } from './card.ts';
import type { Content } from './content.ts';
import { ends, type Line, line, quiet, strong } from './line.ts';
import { askerOf, deedOf, named, riskPart } from './words.ts';

const NOTHING: Drawn = { lines: [], page: 0, limit: 0, shown: { from: 0, to: 0 } };

/** Several calls that are alike, as one card: what they have in common, and in full what differs. */
export function groupCard(members: readonly Entry[], content: Content, screen: Screen, place: Place): Drawn {
  const [first] = members;
  if (first === undefined) return NOTHING;
  const { hold } = first;
  const badge = riskPart(first);
  const grave = content.view.warnings.some(({ tone }) => tone === 'danger');
  const headline = ends(
    [
      { ...badge, text: ` ${badge.text} `, strong: true, filled: true },
      strong(` ${members.length} × ${named(hold.tool)}`),
      { text: ` on ${named(hold.server)}` },
    ],
    [quiet('→ lists them')],
    place.columns,
  );
  const together = members.every(mayJoin)
    ? 'a approves all of these, once every line below was on the screen; x rejects all'
    : 'x rejects all of these; to approve, list them (→) and look at each';
  const head: Line[] = [
    ...warningLines(content, place.columns, 4),
    line(quiet('does   '), deedOf(first, { grave, changes: content.view.changes === true })),
    line(quiet('asks   '), askerOf(first)),
    line(quiet('keys   '), together),
  ];
  return laidOut(content, screen, { headline: { parts: headline }, head, foot: [] }, place);
}
