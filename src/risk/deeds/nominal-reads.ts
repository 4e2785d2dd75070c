import { sentencesOf, wordsOf } from '../words/prose.ts';
import type { Token } from '../words/tokens.ts';
import { deedWord } from './deed-words.ts';
import { words } from './sentence-line.ts';

/** What is known of a thing: a name that ends so tells, and a sentence that begins so does. */
const INFORMATION =
  words(`status state states detail details info information metadata summary summaries overview statistics stats
  statistic usage history histories timeline log logs list lists listing listings catalog catalogue directory index
  balance balances size sizes count counts total totals number amount rate rates price prices cost costs breakdown quota
  quotas limits metrics metric insights trends trend forecast timetable availability requirements prerequisites prereqs
  position positions location coordinates vitals readings reading levels level text contents content body header headers
  title titles name names version versions schema schemas structure tree hierarchy chart heatmap distribution percentile
  percentiles ranking rankings scores score results findings notices stories news headlines weather temperature quote
  lag latency uptime health permissions roles members users owners neighbors neighbours dependencies references
  lookup preview diff difference comparison report reports definition definitions translation synonyms examples
  documentation docs help manual guide changelog specs specification properties attributes fields columns rows
  capacity occupancy backlog pipeline pulse seats hops pods`);

/** A deed as a thing: who names one does it. */
const NOMINAL =
  /(?:[^t]ations?|itions?|utions?|ments?|als|ings|ures|fers|posits|drawals|funds|ouchers|asers|eases?|oxes)$/;

const ASKS =
  /^(?:how (?:many|much|long|far|often|old|full|big|fast|large|busy)|who(?:se)?|what|which|when|where|whether)\b/i;
const ASKS_WHETHER =
  /^(?:is|are|does|do|did|has|have|had|was|were|would|could|can|may|should)\b[^?]{3,160}\?$/i;

/** Ends the phrase that a sentence begins with. */
const ENDS_PHRASE =
  words(`of in on at for by per from to with within across between under over after before that which who whose where when
  still currently now today and or as about around behind along`);

const MOST_IN_PHRASE = 6;

function phraseHead(sentence: string): string | undefined {
  const line = wordsOf(sentence);
  const at = line.findIndex(({ token, pause }, place) => place > 0 && (pause || ENDS_PHRASE.has(token.text)));
  const end = at === -1 ? line.length : at;
  const phrase = line.slice(0, end).map(({ token }) => token.text);
  // "Current and available balance": the phrase goes on behind the "and" of two qualities.
  const rest = line.slice(end + 1, end + 4).map(({ token }) => token.text);
  if (line[end]?.token.text === 'and' && rest.some((word) => INFORMATION.has(word)) && phrase.length < 3)
    return rest.find((word) => INFORMATION.has(word));
  return phrase.length === 0 || phrase.length > MOST_IN_PHRASE ? undefined : phrase.at(-1);
}

function tells(sentence: string): boolean {
  const head = phraseHead(sentence);
  return head !== undefined && INFORMATION.has(head);
}

/** Whether a first sentence asks something, or names what is known of something, instead of saying what is done. */
export function asksOrTells(description: string): 'asks' | 'tells' | undefined {
  const [first = ''] = sentencesOf(description);
  if (ASKS.test(first) || ASKS_WHETHER.test(first)) return 'asks';
  return tells(first) ? 'tells' : undefined;
}

/** These before a word of information change it: `set_status`. */
const SETS =
  words(`set reset update change put push pull clear sync fix mark move start stop open close lock switch toggle edit add
  remove drop apply submit release restore`);

/** Whether a name is one of information: `flight_status`, `bookDetails`; or of a thing that nobody does: `pods`. */
export function namesInformation(name: readonly Token[]): boolean {
  const all = name.map(({ text }) => text);
  const last = all.at(-1) ?? '';
  const acts = (word: string) => deedWord(word)?.act !== undefined && deedWord(word)?.reads !== true;
  if (INFORMATION.has(last))
    return (
      !SETS.has(all[0] ?? '') &&
      !all.slice(0, -1).some((word) => acts(word) && deedWord(word)?.thing !== true)
    );
  return !all.some((word) => acts(word) || NOMINAL.test(word));
}
