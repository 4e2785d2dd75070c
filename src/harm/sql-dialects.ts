/** What a letter of a statement is to a database. */
export const CODE = 0;
export const QUOTED = 1;
export const COMMENT = 2;
/** A `;` that ends a statement. */
export const END = 3;
/** The marks of a comment whose text runs: as good as a space. */
export const MARK = 4;

/** Where databases disagree about what a quote or a comment is. */
interface Dialect {
  /** A backslash hides the quote behind it. */
  backslash?: true;
  /** `#` begins a comment, and `--` only before a space. */
  hash?: true;
  /** A comment may hold another one. */
  nested?: true;
  /** Postgres: `$tag$ … $tag$`, and E'…' with backslashes. */
  dollar?: true;
  /** MySQL runs what stands in a comment that begins with an exclamation mark. */
  bang?: true;
  /** Names in backticks, in brackets. */
  backtick?: true;
  bracket?: true;
  /** Oracle: q'[ … ]'. */
  q?: true;
}

const DIALECTS: readonly Dialect[] = [
  {},
  { backtick: true, bracket: true },
  { nested: true, dollar: true },
  { backslash: true, hash: true, bang: true, backtick: true },
  { hash: true, bang: true, backtick: true },
  { backslash: true, backtick: true },
  { bracket: true, nested: true },
  { q: true },
];

/** A text as all databases together see it. */
export interface SqlRead {
  /** For each letter a bit for each class that some database sees in it: `1 << CODE` and so on. */
  seen: Uint8Array;
  /** Databases disagree about where a statement ends, and something follows. */
  disputed: boolean;
  /** No database sees the last quote or comment closed. */
  open: boolean;
}

export function readSql(text: string): SqlRead {
  const seen = new Uint8Array(text.length);
  const all = new Uint8Array(text.length).fill(1);
  let open = true;
  for (const dialect of DIALECTS) {
    const { classes, closed } = new SqlScan(text, dialect).run();
    if (closed) open = false;
    for (let at = 0; at < classes.length; at += 1) {
      seen[at] = (seen[at] ?? 0) | (1 << (classes[at] ?? 0));
      if (classes[at] !== END) all[at] = 0;
    }
  }
  const last = text.trimEnd().length - 1;
  const disputed = seen.some((bits, at) => at < last && (bits & (1 << END)) !== 0 && all[at] === 0);
  return { seen, disputed, open };
}

const CLOSERS: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };

class SqlScan {
  private readonly text: string;
  private readonly dialect: Dialect;
  private readonly classes: Uint8Array;
  private closed = true;
  private at = 0;

  constructor(text: string, dialect: Dialect) {
    this.text = text;
    this.dialect = dialect;
    this.classes = new Uint8Array(text.length);
  }

  run(): { classes: Uint8Array; closed: boolean } {
    while (this.at < this.text.length) this.step();
    return { classes: this.classes, closed: this.closed };
  }

  private step(): void {
    const { text, at, dialect } = this;
    const letter = text[at];
    const next = text[at + 1];
    if (letter === ';') this.mark(at + 1, END);
    else if (letter === "'") this.quote("'", dialect.backslash === true || this.escapes());
    else if (letter === '"') this.quote('"', dialect.backslash === true);
    else if (letter === '`' && dialect.backtick === true) this.quote('`', false);
    else if (letter === '[' && dialect.bracket === true) this.quote(']', false);
    else if (letter === '$' && dialect.dollar === true) this.dollar();
    else if (letter === '#' && dialect.hash === true) this.line();
    else if (letter === '-' && next === '-' && (dialect.hash !== true || /\s|^$/.test(text[at + 2] ?? '')))
      this.line();
    else if (letter === '/' && next === '*') this.comment();
    else if (letter === '*' && next === '/' && dialect.bang === true) this.mark(at + 2, MARK);
    else this.at += 1;
  }

  private mark(to: number, as: number): void {
    const end = Math.min(to, this.text.length);
    this.classes.fill(as, this.at, end);
    this.at = end;
  }

  private until(found: number, length: number, as: number): void {
    if (found === -1) this.closed = false;
    this.mark(found === -1 ? this.text.length : found + length, as);
  }

  /** E'…' of Postgres; q'[…]' of Oracle goes by itself. */
  private escapes(): boolean {
    const before = this.text.slice(Math.max(0, this.at - 2), this.at);
    return this.dialect.dollar === true && /(?:^|[^\w])[eE]$/.test(before);
  }

  private quote(end: string, backslash: boolean): void {
    const { text, dialect } = this;
    const before = text.slice(Math.max(0, this.at - 3), this.at);
    if (dialect.q === true && end === "'" && /(?:^|[^\w])[nN]?[qQ]$/.test(before)) {
      const opened = text[this.at + 1] ?? '';
      return this.until(text.indexOf(`${CLOSERS[opened] ?? opened}'`, this.at + 2), 2, QUOTED);
    }
    let at = this.at + 1;
    while (at < text.length) {
      if (backslash && text[at] === '\\') at += 2;
      else if (text[at] !== end) at += 1;
      else if (text[at + 1] === end) at += 2;
      else break;
    }
    this.until(at < text.length ? at : -1, 1, QUOTED);
  }

  private dollar(): void {
    const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(
      this.text.slice(this.at, this.at + 64),
    )?.[0];
    if (tag === undefined) this.at += 1;
    else this.until(this.text.indexOf(tag, this.at + tag.length), tag.length, QUOTED);
  }

  private line(): void {
    const end = this.text.slice(this.at).search(/[\n\r]/);
    this.mark(end === -1 ? this.text.length : this.at + end, COMMENT);
  }

  private comment(): void {
    const { text, dialect } = this;
    const bang =
      dialect.bang === true ? /^\/\*M?!\d*/.exec(text.slice(this.at, this.at + 12))?.[0] : undefined;
    if (bang !== undefined) return this.mark(this.at + bang.length, MARK);
    if (dialect.nested !== true) return this.until(text.indexOf('*/', this.at + 2), 2, COMMENT);
    let depth = 1;
    let at = this.at + 2;
    for (; at < text.length && depth > 0; at += 1) {
      if (text.startsWith('/*', at)) [depth, at] = [depth + 1, at + 1];
      else if (text.startsWith('*/', at)) [depth, at] = [depth - 1, at + 1];
    }
    this.until(depth === 0 ? at - 2 : -1, 2, COMMENT);
  }
}
