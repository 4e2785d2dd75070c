import { unescaped } from './path-letters.ts';

/** Where a path begins: at the root, in the user's home, or in a working folder that its letters do not name. */
export type Start = 'root' | 'home' | 'here';

/** What the letters of a path say, `.`, `..` and empty parts resolved. No disk is asked, so links are not seen. */
export interface LexicalPath {
  start: Start;
  /** One that does not begin at the root may begin with `..`. */
  parts: string[];
  /** Why nobody can say which file it is, as the end of a sentence. */
  unknown: string | undefined;
}

const HOME = /^(?:~|\$home|\$\{home\}|%home%|%userprofile%|\$env:(?:home|userprofile))(?=\/|$)/i;
const HERE = /^(?:~\+|\$pwd|\$\{pwd\})(?=\/|$)/i;
/** Also `git+file://…` and `jar:file:…`. */
const FILE_URL = /^(?:[a-z0-9+.-]+[+:])?file:(?:\/\/[^/]*)?/i;
/** `https://…`: no path of this machine, unless it says `file` or has no host. */
const URL = /^[a-z][a-z0-9+.-]*:\/\//i;
const PROCESS = /^(?:self|thread-self|[0-9]+)$/;
const OPEN_FILE = 'it names an open file by its number';

/** Whether a text is a URL that names nothing on this machine: one with a host, and not `file:`. */
export function isForeignUrl(text: string): boolean {
  const scheme = URL.exec(text)?.[0];
  if (scheme === undefined || /(?:^|\+)file:\/\/$/i.test(scheme)) return false;
  return !/^[/\\]/.test(text.slice(scheme.length)) || /^(?:https?|wss?|ftp):/i.test(scheme);
}

/**
 * The ways to read a text as a path: more than one where readers disagree about percent escapes, backslashes or the
 * links in `/proc`. The first is that of a reader who undoes escapes and takes backslashes for separators.
 */
export function readings(text: string): LexicalPath[] {
  const found = walks(unescaped(text).replaceAll('\\', '/'));
  if (/[%\\]/.test(text) && !FILE_URL.test(text)) found.push(...walks(text).map(literal));
  return found.filter((one, index) => found.findIndex((other) => same(one, other)) === index);
}

/** Whether an absolute path goes through one of the links that every `/proc` has. */
export function followsLinks(text: string): boolean {
  const { start, parts } = begun(text);
  const [going, plain] = [true, false].map((links) => new Walk(start, links).along(parts));
  return going?.start !== plain?.start || going?.parts.join('/') !== plain?.parts.join('/');
}

/** As one text: `/a/b`, `~/a`, `a/b`, `../a`; `.` for the working folder itself. */
export function written({ start, parts }: LexicalPath): string {
  if (start === 'root') return `/${parts.join('/')}`;
  return (start === 'home' ? ['~', ...parts] : parts).join('/') || '.';
}

function same(a: LexicalPath, b: LexicalPath): boolean {
  return a.start === b.start && a.unknown === b.unknown && a.parts.join('/') === b.parts.join('/');
}

/** What was resolved to the letter, its parts as the other readers spell them. */
function literal({ start, parts, unknown }: LexicalPath): LexicalPath {
  const spelled = parts.flatMap((part) => unescaped(part).split(/[/\\]/));
  return { start, parts: spelled.filter((part) => part !== ''), unknown };
}

/** Read as the system goes, part by part, and as programs do that resolve `..` first; links of `/proc` either way. */
function walks(text: string): LexicalPath[] {
  const [whole = ''] = text.split('\0', 1);
  const given = begun(whole);
  const going = new Walk(given.start, true).along(given.parts);
  const found = [going];
  if (given.parts.includes('proc')) {
    const first = new Walk(given.start, false).along(given.parts);
    found.push(new Walk(first.start, true).along(first.parts));
    if (going.foreign) found.push(first);
  }
  const unknown = whole.length < text.length ? 'it holds a NUL' : undefined;
  return found.map((one) => ({ start: one.start, parts: one.parts, unknown: unknown ?? one.unknown }));
}

/** Where a text begins, and its parts, unresolved. */
function begun(text: string): { start: Start; parts: string[] } {
  const url = FILE_URL.exec(text)?.[0] ?? (isForeignUrl(text) ? undefined : URL.exec(text)?.[0]);
  const path = url === undefined ? text : text.slice(url.length);
  const head = HOME.exec(path)?.[0];
  if (head !== undefined) return { start: 'home', parts: path.slice(head.length).split('/') };
  return {
    start: path.startsWith('/') ? 'root' : 'here',
    parts: path.replace(HERE, '').split('/'),
  };
}

class Walk {
  start: Start;
  parts: string[] = [];
  unknown: string | undefined;
  /** It went through another process's root, which is this machine's as a rule. */
  foreign = false;
  private readonly links: boolean;

  constructor(start: Start, links: boolean) {
    this.start = start;
    this.links = links;
  }

  along(parts: readonly string[]): this {
    for (const part of parts) this.step(part);
    return this;
  }

  private step(part: string): void {
    const { parts } = this;
    if (part === '' || part === '.') return;
    if (part !== '..') {
      parts.push(part);
      if (this.start === 'root' && parts.length >= 3) this.follow(part);
    } else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (this.start !== 'root') parts.push(part);
  }

  /** The links that every Linux has under the same names. */
  private follow(last: string): void {
    const [top = '', process = '', third = ''] = this.parts;
    if (!this.links) return;
    if (top === 'dev' && process === 'fd' && this.parts.length === 3) this.unknown = OPEN_FILE;
    if (top !== 'proc' || !PROCESS.test(process)) return;
    const at = third === 'task' ? 4 : 2;
    const own = !/^[0-9]/.test(process);
    if (this.parts.length === at + 2 && /^(?:fd|map_files)$/.test(this.parts[at] ?? ''))
      this.unknown = OPEN_FILE;
    if (this.parts.length !== at + 1) return;
    if (last === 'root') {
      this.parts = [];
      this.foreign ||= !own;
    } else if (last === 'cwd') {
      this.parts = [];
      this.start = 'here';
      if (!own) this.unknown = "it begins in another process's working folder";
    }
  }
}
