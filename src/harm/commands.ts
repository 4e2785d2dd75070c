/** How a shell reads quotes. */
export interface Shell {
  /** Single quotes quote. */
  single: boolean;
  /** Hides the letter behind it. */
  escape: string;
  /** `#` begins a comment. */
  hash: boolean;
}

export const POSIX: Shell = { single: true, escape: '\\', hash: true };
export const POWERSHELL: Shell = { single: true, escape: '`', hash: true };
export const CMD: Shell = { single: false, escape: '^', hash: false };

/** One command of a line: where it stands, what joins it to the next with it. */
export interface Part {
  from: number;
  to: number;
  /** `&&`, `|` and so on; '' for a line's end. */
  joint: string;
}

export interface Commands {
  parts: Part[];
  /** For each letter: 1 in quotes, 2 in a comment, 0 else. */
  classes: Uint8Array;
  /** The last quote is not closed. */
  open: boolean;
}

const JOINTS = /(?:&&|\|\||;;|\|&|[;|&\n\r])/y;

/** A shell's text cut where one command ends and the next begins, outside of quotes. */
export function commandsOf(text: string, shell: Shell): Commands {
  const scan = new CommandScan(text, shell);
  scan.run();
  return { parts: scan.parts, classes: scan.classes, open: scan.stack.length > 0 };
}

type Inside = '"' | "'" | '(' | '`' | 'ansi';

class CommandScan {
  readonly parts: Part[] = [];
  readonly classes: Uint8Array;
  /** What is open: quotes, and commands within a command. */
  readonly stack: Inside[] = [];
  private readonly text: string;
  private readonly shell: Shell;
  private at = 0;
  private from = 0;
  /** Words that end a text of lines that begins behind this line. */
  private readonly ends: string[] = [];

  constructor(text: string, shell: Shell) {
    this.text = text;
    this.shell = shell;
    this.classes = new Uint8Array(text.length);
  }

  run(): void {
    while (this.at < this.text.length) {
      const inside = this.stack.at(-1);
      if (inside === "'" || inside === 'ansi') this.quoted(inside);
      else if (inside === '"') this.doubleQuoted();
      else this.plain();
    }
    this.cut(this.text.length, '');
  }

  private cut(to: number, joint: string): void {
    if (this.text.slice(this.from, to).trim() !== '' || this.parts.length === 0)
      this.parts.push({ from: this.from, to, joint });
    else (this.parts.at(-1) as Part).to = to;
    this.from = to;
  }

  private take(length: number, as: number): void {
    this.classes.fill(as, this.at, Math.min(this.text.length, this.at + length));
    this.at += length;
  }

  private quoted(inside: Inside): void {
    const { text, at } = this;
    if (inside === 'ansi' && text[at] === '\\') return this.take(2, 1);
    if (text[at] === "'") this.stack.pop();
    this.take(1, 1);
  }

  private doubleQuoted(): void {
    const { text, at, shell } = this;
    const letter = text[at];
    if (letter === shell.escape && shell !== CMD) return this.take(2, 1);
    if (letter === '"') this.stack.pop();
    else if (this.opensCommand()) return;
    this.take(1, 1);
  }

  /** A command within a command: it stays on its line, and is no quoted text. */
  private opensCommand(): boolean {
    const { text, at, shell } = this;
    if (text[at] === '$' && text[at + 1] === '(') {
      this.stack.push('(');
      this.take(2, 0);
      return true;
    }
    if (text[at] !== '`' || shell !== POSIX) return false;
    if (this.stack.includes('`')) {
      while (this.stack.pop() !== '`');
    } else this.stack.push('`');
    this.take(1, 0);
    return true;
  }

  private plain(): void {
    const { text, at, shell, stack } = this;
    const letter = text[at] ?? '';
    if (letter === shell.escape) return this.take(text.startsWith('\r\n', at + 1) ? 3 : 2, 0);
    if (letter === '"') return this.open('"');
    if (letter === "'" && shell.single) return this.open(text[at - 1] === '$' ? 'ansi' : "'");
    if (this.opensCommand()) return;
    if (letter === '#' && shell.hash && /^$|[\s;&|(]/.test(text[at - 1] ?? '')) return this.comment();
    if (letter === '(' && stack.length > 0) stack.push('(');
    else if (letter === ')' && stack.at(-1) === '(') stack.pop();
    if (letter === '<' && text[at + 1] === '<' && shell === POSIX) return this.textAhead();
    if (stack.length > 0) return this.take(1, 0);
    this.joint(letter);
  }

  private open(as: Inside): void {
    this.stack.push(as);
    this.take(1, 1);
  }

  private comment(): void {
    const end = this.text.indexOf('\n', this.at);
    this.take((end === -1 ? this.text.length : end) - this.at, 2);
  }

  /** `<<EOF`: the lines from the next on, as far as a line that is EOF. `<<<` is a word like others. */
  private textAhead(): void {
    const { text, at } = this;
    if (text[at + 2] === '<') return this.take(3, 0);
    const found = /^<<-?[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([\w.-]+))/.exec(text.slice(at, at + 200));
    if (found === null) return this.take(2, 0);
    this.ends.push(found[1] ?? found[2] ?? found[3] ?? '');
    this.take(found[0].length, 0);
  }

  private joint(letter: string): void {
    const { text, at } = this;
    JOINTS.lastIndex = at;
    const [joint = ''] = JOINTS.exec(text) ?? [];
    // `2>&1`, `&>file` and `>|file` join nothing.
    const directs =
      (letter === '&' && (/[<>]/.test(text[at - 1] ?? '') || text[at + 1] === '>')) ||
      (letter === '|' && text[at - 1] === '>');
    if (joint === '' || directs) return this.take(1, 0);
    this.take(joint.length, 0);
    if (joint === '\n' && this.ends.length > 0) this.linesOfText();
    this.cut(this.at, joint.trim());
  }

  private linesOfText(): void {
    const { text } = this;
    for (const end of this.ends.splice(0)) {
      let at = this.at;
      for (;;) {
        const found = text.indexOf('\n', at);
        const line = text.slice(at, found === -1 ? text.length : found);
        at = found === -1 ? text.length : found + 1;
        if (line.replace(/^\t+/, '') === end || found === -1) break;
      }
      this.take(at - this.at, 1);
    }
  }
}

const BEFORE =
  /^(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)\s+|[({!&]\s*|(?:then|do|else|if|while|until|time|exec|command|builtin|nohup|env|-\w+)\s+)*/;

/** The program that a command runs, without its folder; `sudo rm` as `sudo rm`. */
export function programOf(part: string): string {
  const text = part.slice(0, 2_000).trimStart();
  const [before] = BEFORE.exec(text) ?? [''];
  const words = text.slice(before.length).split(/\s+/);
  const name = (words[0] ?? '').replace(/^.*[/\\]/, '').replace(/^["']|["';&|]+$/g, '');
  if (!/^(?:sudo|doas|xargs|nice|timeout|su)$/.test(name)) return name;
  const next = words.slice(1).find((word) => !/^-|^\d|=/.test(word));
  return next === undefined ? name : `${name} ${next.replace(/^.*[/\\]|["';&|]+$/g, '')}`;
}
