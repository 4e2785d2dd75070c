import { addressParts } from './address-parts.ts';
import { isRunner, stem, subjectOf } from './command-subject.ts';
import { writableName } from './writable-name.ts';

/** File and folder names that say nothing about the server. */
const GENERIC = new Set(
  'index main cli server app stdio mcp start run dist build src bin lib out esm cjs node_modules __main__ mcp-server'.split(
    ' ',
  ),
);
const AFFIXES = [/^mcp-server-/, /^server-/, /^mcp-/, /-mcp-server$/, /-server-mcp$/, /-mcp$/];

/** Whose a name is: the publishers (scopes, namespaces, owners) of whom a command may drop theirs; `''`: of nobody. */
const OFFICIAL = 'modelcontextprotocol mcp/';
const PUBLISHERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    everything: '',
    filesystem: '',
    memory: '',
    'sequential-thinking': '',
    sequentialthinking: '',
    github: 'github',
    gitlab: 'gitlab zereight',
    git: '',
    fetch: '',
    time: '',
    postgres: '',
    sqlite: '',
    redis: 'redis',
    slack: 'slack',
    puppeteer: '',
    'google-maps': '',
    'brave-search': 'brave',
    playwright: 'playwright microsoft',
    notion: 'notionhq makenotion',
    stripe: 'stripe',
    context7: 'upstash',
    linear: 'linear',
    sentry: 'sentry',
    supabase: 'supabase',
    cloudflare: 'cloudflare',
    kubernetes: '',
    aws: 'aws awslabs',
    docker: 'docker',
    shell: '',
  }).map(([name, whose]) => [name, new Set(`${OFFICIAL} ${whose}`.trim().split(' '))]),
);

export interface DerivedName {
  name: string;
  /** Why it may not be the server's alone, as the end of a sentence. */
  doubt: string | undefined;
}

/**
 * The server's name when no `--server` is given: the last telling part of the package, script, image or address in its
 * command, without version and the usual affixes, and without a publisher unless that would be another one's name;
 * never from what the server says of itself.
 */
export function deriveServerName(command: readonly string[]): DerivedName {
  const [first, address = ''] = command;
  if (first === '--url' && URL.canParse(address)) return serverNameOfUrl(new URL(address));
  const { text, folder, image, unsure } = subjectOf(command);
  // A host is a name as it is: one that lies on it is not one that ends like it.
  if (text?.startsWith('//') === true) return { name: text.slice(2), doubt: undefined };
  const subject = text === undefined || !telling(text) ? (folder ?? text) : text;
  const name = writableName(clean(tellingPart(subject ?? command[0] ?? ''))) || 'server';
  if (unsure || subject === undefined || !telling(subject) || isRunner(name))
    return { name, doubt: 'its command does not say surely which server it is' };
  return published(publisherOf(subject, image === true), name);
}

/** Whose servers are known by a name, at which domains. Anybody else's of that name is called by its whole host. */
const AT_HOME: ReadonlyMap<string, readonly string[]> = new Map(
  [
    'linear.app notion.com notion.so sentry.dev sentry.io stripe.com github.com githubcopilot.com gitlab.com',
    'atlassian.com asana.com cloudflare.com context7.com figma.com huggingface.co intercom.com paypal.com',
    'squareup.com supabase.com vercel.com neon.tech slack.com zapier.com deepwiki.com canva.com box.com',
    'monday.com hubspot.com exa.ai tavily.com firecrawl.dev smithery.ai microsoft.com google.com googleapis.com',
    'webflow.com wix.com netlify.com heroku.com paddle.com plaid.com airtable.com salesforce.com datadoghq.com',
  ]
    .join(' ')
    .split(' ')
    .reduce((all, domain) => {
      const name = domain.split('.')[0] ?? '';
      return all.set(name, [...(all.get(name) ?? []), domain]);
    }, new Map<string, string[]>()),
);

/**
 * The name of a remote server when no `--server` is given: whose domain it is, and what of its address tells it from
 * that owner's others. Neither user information nor query is in it, nor what looks like a key in the path.
 */
export function serverNameOfUrl(url: URL): DerivedName {
  const { owner, domain, more, lost, local } = addressParts(url);
  const known = AT_HOME.get(owner) ?? (PUBLISHERS.has(owner) ? [] : undefined);
  const home = domain === undefined || known === undefined || known.includes(domain);
  const whose = home ? owner : (domain ?? owner);
  const name = writableName([whose, ...more].join('-')) || 'server';
  return { name, doubt: doubtOf({ domain: known === undefined ? domain : undefined, lost, local }) };
}

function doubtOf({
  domain,
  lost,
  local,
}: {
  domain: string | undefined;
  lost: boolean;
  local: boolean;
}): string | undefined {
  if (local) return 'whatever answers at that address next would be called the same';
  if (lost)
    return 'its address says more than its name, so that another server there would be called the same';
  if (domain === undefined) return undefined;
  return `one at another domain than ${JSON.stringify(domain)} that only ends otherwise would be called the same`;
}

/** With whose it is, where the name is known to be another's. */
function published(publisher: string | undefined, name: string): DerivedName {
  if (publisher === undefined) return { name, doubt: undefined };
  const theirs = PUBLISHERS.get(name);
  if (theirs !== undefined) {
    const kept = `${publisher.replace(/\W+$/, '')}-${name}`;
    return { name: theirs.has(publisher) ? name : kept, doubt: undefined };
  }
  if (publisher.startsWith(name)) return { name, doubt: undefined };
  const doubt = `the ${JSON.stringify(name)} of another publisher than ${JSON.stringify(publisher)} would be called the same`;
  return { name, doubt };
}

/** The scope of a package, the owner of an image or a repository, or the host where that says more; else undefined. */
function publisherOf(subject: string, image: boolean): string | undefined {
  const bare = subject.toLowerCase();
  const scope = [...bare.matchAll(/(?:^|[:/])@([^/]+)\//g)].at(-1)?.[1];
  if (scope !== undefined) return scope;
  const [, host = '', owner = ''] =
    /^(?:git\+)?(?:\w+:\/\/)(?:[^/@]*@)?([^/]+)\/([^/]+)\/./.exec(bare) ??
    /^(github|gitlab):([^/]+)\/./.exec(bare) ??
    [];
  if (host !== '') return /^github(?:\.com)?$/.test(host) ? owner : host;
  return image ? publisherOfImage(bare) : undefined;
}

/** `mcp/`: the catalogue of Docker's own hub, which is no scope and no owner elsewhere. */
function publisherOfImage(image: string): string | undefined {
  const parts = image.split('/');
  const registry = /[.:]|^localhost$/.test(parts[0] ?? '') && parts.length > 1 ? parts.shift() : 'docker.io';
  if (parts.length < 2) return registry === 'docker.io' ? undefined : registry;
  if (registry === 'docker.io') return parts[0] === 'mcp' ? 'mcp/' : parts[0];
  return registry === 'ghcr.io' ? parts[0] : registry;
}

function telling(subject: string): boolean {
  const part = stem(subject.replace(/(?<=.)[@:][^/]*$/, '')).replace(/\.(?:[cm]?[jt]sx?|py|sh|jar)$/, '');
  return subject.includes('/') ? !GENERIC.has(clean(tellingPart(subject))) : !GENERIC.has(part);
}

function tellingPart(subject: string): string {
  const parts = subject
    .replace(/^(?:npm|jsr|git\+https?|https?|file):\/*/i, '')
    .split(/[/\\]/)
    .map((part) => part.replace(/\.(?:[cm]?[jt]sx?|py|exe|sh|jar|git)$/i, ''))
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const bare = (part: string): string => part.replace(/(?<=.)[@:].*$/, '').toLowerCase();
  const telling = parts.findLast((part) => !GENERIC.has(bare(part)) && !part.startsWith('@'));
  // `@stripe/mcp`: only the scope says whose.
  return telling ?? parts.findLast((part) => part.startsWith('@'))?.slice(1) ?? parts.at(-1) ?? '';
}

function clean(part: string): string {
  const bare = part
    .toLowerCase()
    .replace(/(?<=.)[@:=].*$/, '')
    .replaceAll('_', '-');
  return AFFIXES.reduce(
    (name, affix) => (name.replace(affix, '') === '' ? name : name.replace(affix, '')),
    bare,
  );
}
