import { deedWord, isParticiple } from './deed-words.ts';
import {
  addressed,
  before,
  CALLERS,
  CALM_DONE,
  COPULAS,
  DENIALS,
  DETERMINERS,
  type Doubt,
  denied,
  FAR,
  inClause,
  isAdverb,
  JOINS,
  type Line,
  MODALS,
  RELATIVE,
  textAt,
  words,
} from './sentence-line.ts';

/** What is no longer as it was: "is gone afterwards", "no longer works". */
const AFTERWARDS =
  words(`aloud afterwards afterward thereafter thereby gone anymore cease ceases vanish vanishes disappear
  disappears irreversibly irrevocably stays remains becomes become rid lasting henceforth`);

const PHRASES =
  /\b(?:no longer|no more(?! than)|not kept|(?:from|since) (?:then|now|there) on(?:ward)?|for good|for sale|in force|up to date with|side[- ]effects?(?!-)(?: are|:)(?! none)|at the (?:price|cost|expense) of|(?:has|have) to \w+|made (?:public|private|official|final|permanent)|on (?:order|hold)|on (?:the user|\w+)s behalf|in (?:another \w+) name|out of the (?:way|queue)|in turn|live account|no one else|nobody else|shows? (?:\w+ ){0,3}the door|will (?:already |then )?be (?:yours|theirs|ours|mine)|(?:is|are) taken (?:there|to|down|out|off|away|over)|(?:on|to) (?:your|next \w+['’]?s|this month['’]?s|the (?:customer|company|account|caller)['’]?s) (?:phone )?(?:bill|tab|credit card|card)|(?:counts?|serves?|stands?|acts?|works) as (?:an? |the |their |your |my |full |formal |legal |written )*(?:accept\w+|agree\w+|consent|assent|approval|acknowledg\w+|confirmation|signature|receipt|waiver|purchase|order|notice|visit|attendance|submission|bid)|with (?:a )?real\b(?!-)|for real|as seen|as read|formats? (?:\w+ ){0,2}(?:disk|drive|volume|card|partition)|tak(?:es?|ing) (?:\w+ ){0,4}(?:away|off|out)|resolv(?:es?|ing) (?:\w+ ){0,3}(?:ticket|issue|incident|alert|case|dispute|thread)s?|on (?:the|a|all) (?:\w+ ){0,2}(?:signs?|walls?|billboards?|portal|marketplace|loudspeakers?|homepage|timeline)|by (?:a|an|text) (?:charge|call|message|email|payment|text message|purchase|restart|order))\b/;

const FIRST_PHRASES =
  /\b(?:in place|(?:render|plot|draw|print|export|dump|download|output|record|capture|convert|write|save)s? .{0,80}\b(?:to|into) (?:an? |the )?(?:[\w-]+ ){0,3}(?:file|folder|directory|disk|path)|with (?:an? |the |their )?(?:[\w-]+ ){1,4}(?:where (?:there is )?(?:no|none)|(?:for|to) (?:those|anyone|everyone|whoever|each \w+|every \w+|all) (?:who|without|not|that|over|past|behind))|at once|by itself|(?:on|to|in) (?:a |the |its |their )?(?:[\w'\u2019]+ )?public (?:link|gallery|page|board|feed|channel|profile|wall|site)|(?:sorts|puts|gets|sets|files|moves) (?:it|them) (?:in|into|to|onto|off|under|on)|(?:gets?|obtains?|acquires?) (?:an? |the )?(?:access|permission|permit|clearance|lease|lock|approval|consent)(?: (?:to|for|on|of|from)\b|[.;,]|$)|gets? .{2,40} done)\b/;

/** Left at the end of a clause these make another deed of a verb: "checks the code in". */
export const PARTICLES = words('in out off away back up down through over aside apart');

const BEFORE_PARTICLE =
  words(`is are was were be signed logged checked turned switched built set opted zoomed scaled
  look looks looked looking drill drilled scroll zoom and or moving go goes far further sign log`);

/** "tells the moderators", "shows it to everyone": who hears of it is not the caller. */
const TOLD =
  /\b(?:to|with|for|before) (?:(?:the|a|an|its|their|his|her|all|each|every|other|public|whole|our|another) ){0,2}(?:\w+ )?(?:everyone|everybody|anyone|customers?|sellers?|buyers?|partners?|moderators?|banks?|teams?|authorit(?:y|ies)|audience|subscribers?|recipients?|guests?|press|police|neighbou?rs?|boss|manager|debtors?|suppliers?|vendors?|tenants?|followers?|readers?|viewers?|staff|office|courts?|city|world|colleagues?|contacts|members|channel|slack|tax office|insurer|employer|street|hall)\b|to (?:the )?public\b/;

const TELLS =
  /^(?:report|reports|return|returns|show|shows|display|displays|recommend|recommends|suggest|suggests|read|reads|export|exports|answer|answers|tell|tells|explain|explains|summarize|summarizes|summarise|summarises|preview|previews|describe|describes|output|outputs)$/;

/** What begins so tells what is done after the reading. */
const NEXT =
  /^(?:then|after (?:that|this|which|reading|it)|in doing so|doing so|by doing so|at the same time|meanwhile|in addition|additionally|as a result|once (?:done|read|listed)|when done|by then|next|finally)\b/;

export function aside(line: Line): Doubt | undefined {
  const lower = line.text.toLowerCase();
  const places = [PHRASES, ...(line.first ? [FIRST_PHRASES] : []), ...(line.brief ? [NEXT] : [])];
  const phrase = places.flatMap((place) => place.exec(lower)?.[0] ?? [])[0];
  if (phrase !== undefined) return { why: phrase, class: undefined };
  const after = line.words.find(({ token }) => AFTERWARDS.has(token.text));
  if (after !== undefined) return { why: after.token.text, class: undefined };
  const told =
    line.first &&
    line.words.some(({ token }) => TELLS.test(token.text)) &&
    TOLD.exec(line.text.toLowerCase())?.[0];
  return told ? { why: told, class: 'outbound' } : undefined;
}

export function particle(line: Line, at: number): Doubt | undefined {
  const text = textAt(line, at);
  if (!PARTICLES.has(text) || at === 0) return undefined;
  const next = line.words[at + 1];
  const ends = next === undefined || next.pause || /^(and|then|or|to|for|by)$/.test(next.token.text);
  if (/^(up|down)$/.test(text) && /^(to|by)$/.test(next?.token.text ?? '')) return undefined;
  const acts = line.words
    .slice(Math.max(0, at - 6), at)
    .some(({ token }) => deedWord(token.text)?.form === 'does');
  if (!line.first && !acts && !/^(it|them|him|her)$/.test(textAt(line, at - 1))) return undefined;
  if (
    /^(search|look|sort|read|find|filter|list|stored|work|live|be|is|time|days?)$/.test(textAt(line, at - 1))
  )
    return undefined;
  if (!ends || BEFORE_PARTICLE.has(textAt(line, at - 1)) || denied(line, at)) return undefined;
  if (/ed$/.test(textAt(line, at - 1))) return undefined;
  return { why: `${textAt(line, at - 1)} ${text}`, class: undefined };
}

const DESCRIBING = words('that which who whom whose whether where how why what');

/** "will be in it afterwards": what will be is done by the tool, unless it is told of its answer. */
export function future(line: Line, at: number): Doubt | undefined {
  const text = textAt(line, at);
  if (text !== 'will' || addressed(line, at) || inClause(line, at, DESCRIBING)) return undefined;
  let next = at + 1;
  while (next < at + FAR && isAdverb(textAt(line, next))) next += 1;
  if (textAt(line, next) === 'be') next += 1;
  while (next < at + FAR && isAdverb(textAt(line, next))) next += 1;
  const said = textAt(line, next);
  const deed = deedWord(said);
  if (
    DENIALS.has(said) ||
    /^(only|empty|null|available|true|false|returned|the|a|an|listed|different|null|zero)$/.test(said)
  )
    return undefined;
  if (deed?.reads === true || deed?.calm === true || CALM_DONE.has(said)) return undefined;
  if (deed?.act === undefined && !isParticiple(said) && !DETERMINERS.has(textAt(line, next + 1)))
    return undefined;
  return { why: `will ${said}`, class: deed?.act };
}

/** "a phone, which rings loudly": told of what comes after. */
export function aftermath(line: Line, at: number): Doubt | undefined {
  if (textAt(line, at) !== 'which' || !line.words[at]!.pause) return undefined;
  let next = at + 1;
  while (next < at + FAR && isAdverb(textAt(line, next))) next += 1;
  const text = textAt(line, next);
  const deed = deedWord(text);
  if (COPULAS.has(text) || MODALS.has(text) || deed?.reads || (deed?.calm && deed.act === undefined))
    return undefined;
  return /s$/.test(text) && text !== 'has' ? { why: `which ${text}`, class: deed?.act } : undefined;
}

/** "with deletion of", "after a reset": a deed as a thing, done along with the reading. */
const NOMINALS =
  words(`deletion removal suspension termination cancellation activation deactivation settlement payment
  closure opening eviction revocation restart reboot purge reset wipe erasure execution publication withdrawal dismissal
  destruction installation deployment submission booking purchase charge transfer unlocking locking closing charging
  creation invalidation expiry release rotation`);

const ALONG = words('with after following including plus upon through via by and then along');

export function nominal(line: Line, at: number): Doubt | undefined {
  if (!line.first || !NOMINALS.has(textAt(line, at))) return undefined;
  let back = at - 1;
  if (DETERMINERS.has(textAt(line, back))) back -= 1;
  const next = textAt(line, at + 1);
  const alone = next === '' || line.words[at + 1]!.pause || /^(?:of|to|for|on|at|in|by|with)$/.test(next);
  return ALONG.has(textAt(line, back)) && alone ? { why: textAt(line, at), class: undefined } : undefined;
}

/** A later sentence whose verb is not known: "Drafts turn into posts." */
export function unsaid(line: Line): Doubt | undefined {
  const { words: all, text } = line;
  if (
    !line.brief ||
    line.advises ||
    all.length < 3 ||
    all.length > 24 ||
    !/[.!]$/.test(text) ||
    /:/.test(text)
  )
    return undefined;
  const first = textAt(line, 0);
  if (!/^\W*[A-Z]/.test(text) || FRAGMENT.test(first)) return undefined;
  const known = all.some(({ token }, at) => {
    const word = token.text;
    if (COPULAS.has(word) || MODALS.has(word) || DENIALS.has(word) || word === '_' || word === 'must')
      return true;
    const deed = deedWord(word);
    return (
      deed !== undefined &&
      (deed.reads || deed.calm) &&
      (deed.form === 'does' || deed.form === 'base' || at === 0 || deed.form === 'done') &&
      !VAGUE_VERBS.has(deed.verb)
    );
  });
  return known
    ? undefined
    : {
        why: all
          .slice(0, 4)
          .map(({ token }) => token.text)
          .join(' '),
        class: undefined,
      };
}

const FRAGMENT =
  /^(?:best|perfect|ideal|everything|much|more|similar|complete|compact|for|by|with|in|at|from|only|optional|default|defaults|e|max|maximum|minimum|min|one|comma|whether|same|see|like|as|per|up|iso|json|number|id|name|list|string|array|comma-separated)$/;

/** Too wide to say that nothing is done. */
const VAGUE_VERBS = words('go come get let give take affect turn cause impact have put cost');

/** "Every customer gets a call": something happens to somebody. */
export function befalls(line: Line, at: number): Doubt | undefined {
  const back = textAt(line, before(line, at));
  const several = /^(?:get|receive|lose|go|turn|show)$/.test(textAt(line, at)) && /[^s]s$/.test(back);
  const one = /^(?:gets|receives|loses|wins|goes|turns)$/.test(textAt(line, at));
  if (
    !(one || (several && line.brief)) ||
    at === 0 ||
    line.advises ||
    (several && inClause(line, at, CALLERS))
  )
    return undefined;
  const own =
    before(line, at) < 0 || JOINS.has(back) || RELATIVE.test(back) || /^(?:it|tool|function)$/.test(back);
  return own ? undefined : { why: `${back} ${textAt(line, at)}`, class: undefined };
}
