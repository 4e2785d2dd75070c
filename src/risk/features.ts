import type { ToolDefinition } from './classes/tool-risk.ts';
import { OFTEN_THINGS, THING_OF, type Thing } from './words/kind-words.ts';
import { type Deed, type Prose, readProse } from './words/prose.ts';
import { readSchema } from './words/schema.ts';
import { nameTokens, type Token } from './words/tokens.ts';

/**
 * What a definition holds, each with the words that say it. Keys are what the weights know: a part of the
 * definition, how the word stands there, and its family or itself.
 */
export type Features = Map<string, string>;

export interface Reading {
  name: Token[];
  title: Token[];
  prose: Prose;
  features: Features;
}

/** The longest name and title that are read. */
const LONGEST_NAME = 200;
const MOST_WORDS = 40;

/** A plural is a thing in a name: `list_posts` posts nothing. */
function isVerb(token: Token): boolean {
  return token.family !== undefined && (token.form === 'base' || token.form === 'doing');
}

/** The kinds of things that are spoken of, each with the word that says it. */
function thingsIn(tokens: readonly Token[]): Map<Thing, string> {
  const things = new Map<Thing, string>();
  for (const { text } of tokens) {
    const thing = THING_OF.get(text);
    if (thing !== undefined && !things.has(thing)) things.set(thing, text);
  }
  return things;
}

/** Words that are in every sentence say nothing. */
const EVERYWHERE = new Set(
  `the and for with that this from are its can you your will use used using when into not has have all any each
  which what who out but their them then than per via such these those only also`.split(/\s+/),
);

/** The verb that a name is about: its first, wherever a server's own prefix puts it. */
export function mainVerb(tokens: readonly Token[]): number {
  const last = tokens.length - 1;
  const thing = (token: Token, at: number) => at > 0 && at === last && OFTEN_THINGS.has(token.text);
  return tokens.findIndex((token, at) => isVerb(token) && !thing(token, at));
}

function together(verb: string, thing: string): string {
  return verb === thing ? verb : `${verb} ... ${thing}`;
}

function fromName(features: Features, tokens: readonly Token[], part: 'name' | 'title'): void {
  const put = (key: string, said: string) => features.set(`${part[0]}${key}`, `${part}: "${said}"`);
  const main = mainVerb(tokens);
  const verb = tokens[main];
  const things = thingsIn(tokens);
  if (verb === undefined)
    put(
      'v:none',
      tokens
        .map(({ text }) => text)
        .join(' ')
        .slice(0, 60),
    );
  for (const [thing, word] of things) put(`o:${thing}`, word);
  if (verb?.family !== undefined) {
    put(`v:${verb.family}`, verb.text);
    put(`w:${verb.verb}`, verb.text);
    if (main === 0) put(`0:${verb.family}`, verb.text);
    for (const [thing, word] of things) put(`x:${verb.family}+${thing}`, together(verb.text, word));
  }
  tokens.forEach((token, at) => {
    if (part === 'name' && at !== main) put(`t:${token.text}`, token.text);
    if (token.family === undefined || at === main) return;
    if (token.form === 'done' || token.form === 'does') put(`d:${token.family}`, token.text);
    else put(at === tokens.length - 1 ? `l:${token.family}` : `a:${token.family}`, token.text);
  });
}

function deedKey({ token, how, first }: Deed): string {
  if (how === 'item') return `pi:${token.family}`;
  if (how === 'lead') return `pl:${token.family}`;
  if (how === 'said') return first ? `ps:${token.family}` : `pr:${token.family}`;
  return first ? `pm:${token.family}` : `pn:${token.family}`;
}

function fromProse(features: Features, { deeds, words }: Prose): void {
  const put = (key: string, said: string) => features.set(key, `description: "${said}"`);
  const things = thingsIn(words);
  if (words.length === 0) put('p:none', '');
  for (const [thing, word] of things) put(`po:${thing}`, word);
  for (const deed of deeds) {
    const key = deedKey(deed);
    if (!features.has(key)) put(key, deed.token.text);
    if (deed.how !== 'lead') continue;
    put(`pw:${deed.token.verb}`, deed.token.text);
    for (const [thing, word] of things)
      put(`px:${deed.token.family}+${thing}`, together(deed.token.text, word));
  }
  for (const { text } of words.slice(0, MOST_WORDS))
    if (text.length > 2 && !EVERYWHERE.has(text)) put(`pt:${text}`, text);
}

function fromSchema(features: Features, schema: unknown): void {
  const { parameters, required, choices, open } = readSchema(schema);
  const put = (key: string, said: string) => features.set(key, said);
  if (schema === undefined || schema === null) return;
  if (parameters.length === 0) put('s:none', 'no parameters');
  if (required === 0) put('s:nothing required', 'no required parameters');
  if (parameters.length > 8) put('s:many', 'many parameters');
  if (open) put('s:open', 'a parameter of any content');
  for (const name of parameters) {
    const words = nameTokens(name).map(({ text }) => text);
    for (const word of words) put(`q:${word}`, `parameter: ${name}`);
    if (words.length > 1) put(`qq:${words.join('_')}`, `parameter: ${name}`);
  }
  for (const choice of choices) {
    const first = nameTokens(choice).find(isVerb);
    if (first?.family !== undefined) put(`c:${first.family}`, `choice: "${choice}"`);
  }
}

/** Everything of a definition but its server's hints, which are no more than claims. Pure; never throws. */
export function readTool(tool: ToolDefinition): Reading {
  const features: Features = new Map();
  const name = nameTokens(tool.name.slice(0, LONGEST_NAME)).slice(0, MOST_WORDS);
  const title = nameTokens((tool.title ?? '').slice(0, LONGEST_NAME)).slice(0, MOST_WORDS);
  fromName(features, name, 'name');
  if (title.length > 0) fromName(features, title, 'title');
  const prose = readProse(tool.description ?? '');
  fromProse(features, prose);
  fromSchema(features, tool.inputSchema);
  return { name, title, prose, features };
}
