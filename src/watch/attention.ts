/** Which escape sequence makes a terminal show a notification. */
type Summons = 9 | 99 | 777;

const ESC = '\u001b';
/** Not BEL, which would ring: a bell means one call more. */
const ST = `${ESC}\\`;
/** Terminals that are known to show none: they get the bell alone. */
const SILENT = new Set(['vscode', 'Apple_Terminal', 'Hyper', 'alacritty', 'rio', 'Tabby']);
const BY_PROGRAM: Readonly<Record<string, Summons>> = {
  'iTerm.app': 9,
  WarpTerminal: 9,
  ghostty: 777,
  WezTerm: 777,
  contour: 777,
};
const BY_TERM: readonly [RegExp, Summons][] = [
  [/^xterm-kitty$/, 99],
  [/^xterm-ghostty$|^foot|^rxvt|^contour/, 777],
];
/** What a terminal leaves in the environment; also of the one around tmux. */
const BY_MARK: readonly [string, Summons][] = [
  ['KITTY_WINDOW_ID', 99],
  ['WEZTERM_PANE', 777],
  ['GHOSTTY_RESOURCES_DIR', 777],
  ['KONSOLE_VERSION', 777],
];
/** From here on GNOME's terminals swallow OSC 777 where they do not show it. */
const LEAST_VTE = 4600;

/** By the terminal's own word; undefined where none is known: then it rings, and that is all. */
export function summonsOf(env: NodeJS.ProcessEnv): Summons | undefined {
  const { TERM_PROGRAM: program = '', TERM: term = '', LC_TERMINAL, VTE_VERSION } = env;
  if (env['STY'] !== undefined || SILENT.has(program)) return undefined;
  if (Object.hasOwn(BY_PROGRAM, program)) return BY_PROGRAM[program];
  const named = BY_TERM.find(([pattern]) => pattern.test(term))?.[1];
  if (named !== undefined) return named;
  if (LC_TERMINAL === 'iTerm2') return 9;
  const marked = BY_MARK.find(([name]) => env[name] !== undefined)?.[1];
  return marked ?? (Number(VTE_VERSION) >= LEAST_VTE ? 777 : undefined);
}

/** Our own words and a number: nothing of a call may stand in an escape sequence. */
function words(count: number): string {
  return count === 1 ? '1 call waits for approval' : `${count} calls wait for approval`;
}

function sequence(summons: Summons, said: string): string {
  if (summons === 9) return `${ESC}]9;holdpoint: ${said}${ST}`;
  if (summons === 777) return `${ESC}]777;notify;holdpoint;${said}${ST}`;
  // One notification, which a later one takes the place of, and only where nobody looks at the window.
  return `${ESC}]99;i=holdpoint:o=unfocused:d=0;holdpoint${ST}${ESC}]99;i=holdpoint:d=1:p=body;${said}${ST}`;
}

/** tmux hands on what is wrapped so, where its user lets it (`allow-passthrough`), and drops it elsewhere. */
function throughTmux(text: string): string {
  return `${ESC}Ptmux;${text.replaceAll(ESC, ESC + ESC)}${ST}`;
}

/** Calls that come together are one notification. */
const TOGETHER_MS = 200;
/** They print what they do not know. */
const WITHOUT_TITLE = /^(?:|dumb|linux|cons25|vt\d.*|ansi)$/;

/** How the approval terminal calls for its person: bell, notification, and the count in the window's title. */
export class Attention {
  private readonly write: (text: string) => void;
  private readonly summons: Summons | undefined;
  private readonly titled: boolean;
  private readonly wrap: (text: string) => string;
  private count = 0;
  private shown: string | undefined;
  private pending: NodeJS.Timeout | undefined;

  /** `on: false`: the bell alone. */
  constructor(write: (text: string) => void, { env, on }: { env: NodeJS.ProcessEnv; on: boolean }) {
    this.write = write;
    this.summons = on ? summonsOf(env) : undefined;
    this.titled = on && !WITHOUT_TITLE.test(env['TERM'] ?? '');
    this.wrap = env['TMUX'] === undefined ? (text) => text : throughTmux;
  }

  /** A call came in that was not there before. */
  ring(): void {
    this.write('\u0007');
    const { summons } = this;
    if (summons === undefined) return;
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      if (this.count > 0) this.write(this.wrap(sequence(summons, words(this.count))));
    }, TOGETHER_MS);
  }

  /** So many calls wait now. */
  waiting(count: number): void {
    this.count = count;
    if (!this.titled || this.shown === undefined) return;
    const title = count === 0 ? 'holdpoint' : `holdpoint: ${count} ${count === 1 ? 'waits' : 'wait'}`;
    if (title === this.shown) return;
    this.shown = title;
    this.write(`${ESC}]2;${title}${ST}`);
  }

  /** The terminal is ours: its title is kept (XTWINOPS 22) and becomes ours. */
  enter(): void {
    if (!this.titled || this.shown !== undefined) return;
    this.write(`${ESC}[22;2t`);
    this.shown = '';
    this.waiting(this.count);
  }

  /** It is given back: with its own title, or with none where it keeps none. */
  leave(): void {
    clearTimeout(this.pending);
    this.pending = undefined;
    if (this.shown === undefined) return;
    this.shown = undefined;
    this.write(`${ESC}]2;${ST}${ESC}[23;2t`);
  }
}
