import { sentencesOf } from '../words/prose.ts';
import { readSchema } from '../words/schema.ts';
import { nameWords } from '../words/tokens.ts';
import { deedWord } from './deed-words.ts';
import { doubtIn } from './sentence.ts';
import { CALM_DONE, type Doubt, lineOf } from './sentence-line.ts';

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** After these words a deed's name is a thing: "delete_marker", "post_id". */
const OF_THINGS =
  set(`id ids name names type types key keys number numbers status statuses date dates time times at by
  count size url uri path code codes uuid arn setting settings kind email title slug sha ref hash version marker mode level format limit index
  list address token color format state states field fields template policy policies reason from filter group text`);
/** What shall be: asked of a tool that tells what is. */
const WISHED = set(
  'desired wanted wished intended force forced instead afterwards new purge desired confirm confirmed recipients bcc addressees',
);
const STATES = set('state status temperature level value position count size speed power price replicas');
/** The first word of a parameter that only shapes an answer. */
const SHAPING =
  set(`include exclude show sort order filter group limit return only max min with without page per is has
  list search start end from to since until before after by query fields format output expand select next last first
  count check use allow skip raw full verbose match cursor offset default all no not number total time date project
  set-of display compare read view find get download`);
/** Deeds that hide behind a flag, and are as often things elsewhere. */
const FLAGS =
  set(`apply checkout install prune book mark move remove close exec set suspend align redirect cleanup
  truncate quarantine add delete purge evict deactivate save write overwrite reset commit push publish send notify
  email kill stop restart start-now run execute update create clear drop archive unarchive accept approve reject
  replace fix repair cancel pay charge buy order-now`);

const ACTIONS = set('action operation op verb act method command actions operations');

/** Before what they change: `set_status`. */
const SETTING = set('set change update mark add remove move assign');

function deedOf(parameter: string): string | undefined {
  const all = nameWords(parameter);
  const [first = '', second] = all;
  const wished = all.find((word) => WISHED.has(word));
  if (wished !== undefined) return wished;
  if (first === 'target' && second !== undefined && STATES.has(second)) return `${first} ${second}`;
  if (SHAPING.has(first) && !/^(to|from)$/.test(second ?? '')) return undefined;
  for (const [at, word] of all.entries()) {
    const deed = deedWord(word);
    if (deed?.act === undefined || deed.reads || deed.form !== 'base') continue;
    const next = all[at + 1];
    if (
      at === 0 &&
      SETTING.has(word) &&
      next !== undefined &&
      !/^(?:id|ids|name|type|key|at|by|event|events|history|log|logs)$/.test(next)
    )
      return word;
    if (all.slice(at + 1).some((one) => OF_THINGS.has(one))) continue;
    if (at > 0 && !/^(and|or|then|to|auto|do|should|then)$/.test(all[at - 1] ?? '')) continue;
    if (!deed.thing && !deed.calm) return word;
    if (
      FLAGS.has(word) &&
      (next !== undefined ||
        /^(apply|checkout|install|book|mark|move|close|set|suspend|align|commit|push|save|add|fix|cancel|update|replace)$/.test(
          word,
        ))
    )
      return word;
  }
  return undefined;
}

/** Choices that tell what was done by others, or who may: they pick from what is read. */
const PICKING = set(`type types event events kind kinds status state states category filter filters permission
  permissions access scope scopes role trigger triggers reason reasons method methods topic topics level order sort by
  mode format operation_type change changes activity column columns field fields metric metrics resource statistic`);

/** `then: "nothing" | "ban"`: a choice that is a deed, whatever the parameter is called. */
function offeredDeed(schema: unknown, parameters: readonly string[]): Doubt | undefined {
  for (const parameter of parameters) {
    if (nameWords(parameter).some((word) => PICKING.has(word))) continue;
    for (const choice of choicesOf(schema, parameter)) {
      const [first = ''] = nameWords(choice);
      const deed = deedWord(first);
      if (deed?.act === undefined || deed.reads || deed.calm || deed.thing || deed.form !== 'base') continue;
      return { why: `parameter: ${parameter}: "${choice}"`, class: deed.act };
    }
  }
  return undefined;
}

/** "SQL to run once the rows have been fetched": what is given is done. */
const GIVEN =
  /^\W*(?:(?:the|an?|any|optional(?:ly)?|some|other|further) )*(?:[\w/-]+ ){1,4}to (?:then |also |automatically )?([a-z]+)\b/i;

function givenDeed(text: string): Doubt | undefined {
  const [before = '', verb = ''] = GIVEN.exec(text.toLowerCase()) ?? [];
  const deed = deedWord(verb);
  if (deed?.act === undefined || deed.reads || deed.form !== 'base') return undefined;
  const runs = RUNNING.test(verb) && PROGRAMS.test(before);
  return runs || !(deed.thing || deed.calm) ? { why: `to ${verb}`, class: deed.act } : undefined;
}

/** "Group that gets the questions by mail", "signal delivered to the process": what is given goes somewhere. */
const REACHES =
  /\b(?:who|that|which|to whom) (?:will |shall )?(?:also )?(?:gets?|receives?|hears?|(?:is|are|be) (?:told|charged|notified|billed|paid|informed|mailed|emailed|sent|invited))\b/i;
const GONE =
  /^\W*(?:(?:the|an?|any|optional(?:ly)?) )*(?:[\w/-]+ ){1,3}([a-z]+(?:ed|nt|id|ut|wn))(?: \w+ly)? (?:to|into|onto|with)\b/i;

function goneDeed(text: string): Doubt | undefined {
  const reaches = REACHES.exec(text)?.[0];
  if (reaches !== undefined) return { why: reaches.toLowerCase(), class: 'outbound' };
  const done = GONE.exec(text)?.[1]?.toLowerCase() ?? '';
  const deed = deedWord(done);
  if (
    deed?.act === undefined ||
    deed.act === 'write' ||
    deed.form !== 'done' ||
    deed.reads ||
    deed.calm ||
    CALM_DONE.has(done)
  )
    return undefined;
  return { why: done, class: deed.act };
}

const RUNNING = /^(?:run|execute|call|apply|start|trigger)$/;
const PROGRAMS =
  /\b(?:sql|commands?|scripts?|code|hooks?|webhooks?|actions?|jobs?|tasks?|statements?|programs?|macros?)\b/;

interface Described {
  name: string;
  text: string;
}

function descriptionsIn(schema: unknown, depth = 0): Described[] {
  const properties = (schema as { properties?: unknown } | null | undefined)?.properties;
  if (typeof properties !== 'object' || properties === null || depth > 2) return [];
  return Object.entries(properties)
    .slice(0, 80)
    .flatMap(([name, inner]) => {
      const text = (inner as { description?: unknown } | null)?.description;
      const deeper = descriptionsIn(inner, depth + 1);
      return typeof text === 'string' ? [{ name, text: text.slice(0, 600) }, ...deeper] : deeper;
    });
}

function choicesOf(schema: unknown, parameter: string): string[] {
  const { properties } = (schema ?? {}) as { properties?: Record<string, unknown> };
  return readSchema(properties?.[parameter]).choices;
}

/** What a parameter's name, choices or description say is done. */
export function doubtInParameters(schema: unknown): Doubt | undefined {
  const { parameters } = readSchema(schema);
  for (const parameter of parameters) {
    const deed = deedOf(parameter);
    if (deed !== undefined) return { why: `parameter: ${parameter}`, class: deedWord(deed)?.act };
  }
  const action = parameters.find((one) => ACTIONS.has(one.toLowerCase()));
  const choices = action === undefined ? [] : choicesOf(schema, action);
  for (const choice of choices) {
    const deed = deedWord(nameWords(choice)[0] ?? '');
    if (deed?.act !== undefined && !deed.reads && deed.form === 'base')
      return { why: `choice: "${choice}"`, class: deed.act };
  }
  const offered = offeredDeed(schema, parameters);
  if (offered !== undefined) return offered;
  if (action !== undefined && choices.length === 0) return { why: `parameter: ${action}`, class: undefined };
  for (const { name, text } of descriptionsIn(schema)) {
    for (const sentence of sentencesOf(text.replace(/`([^`\n]{1,60})`/g, ' _$1_ '))) {
      const shown = sentence.replace(/["'][^"']{0,80}["']/g, '_');
      const doubt = givenDeed(shown) ?? goneDeed(shown) ?? doubtIn(lineOf(shown, 'parameter'));
      if (doubt !== undefined) return { why: `parameter: ${name}: "${doubt.why}"`, class: doubt.class };
    }
  }
  return undefined;
}
