import type { Attention } from './attention.ts';

/**
 * Auto-wrap off: a row that a terminal draws longer than we reckon is cut, and moves no other. The mouse is asked for its
 * wheel (1000, 1006); text is still marked with Shift held down.
 */
const ENTER = '\u001b[?1049h\u001b[?2004h\u001b[?7l\u001b[?1000h\u001b[?1006h';
const LEAVE = '\u001b[?1006l\u001b[?1000l\u001b[?7h\u001b[?2004l\u001b[?1049l\u001b[?25h';
/** Long enough to be stopped in. */
export const BACK_MS = 100;
const HOME = '\u001b[H';
const HIDE_CURSOR = '\u001b[?25l';

/** The terminal's other screen, in raw mode: whatever ends the program, it is given back as it was. */
export class AlternateScreen {
  private left = false;
  private readonly attention: Attention;

  constructor(attention: Attention) {
    this.attention = attention;
  }

  enter(): void {
    process.on('exit', () => this.leave());
    // Before anything is asked: Ink switches only after its first frame, and until then a passphrase would be echoed.
    process.stdin.setRawMode(true);
    process.stdout.write(ENTER);
    this.attention.enter();
  }

  leave(): void {
    if (this.left) return;
    this.left = true;
    process.stdin.setRawMode(false);
    this.attention.leave();
    process.stdout.write(LEAVE);
  }

  /** Gives the terminal to another program, which has it until it ends: nothing of ours reads or draws meanwhile. */
  lend<Result>(run: () => Result): Result {
    process.stdin.setRawMode(false);
    this.attention.leave();
    process.stdout.write(LEAVE);
    try {
      return run();
    } finally {
      process.stdin.setRawMode(true);
      process.stdout.write(ENTER + HOME + HIDE_CURSOR);
      this.attention.enter();
    }
  }

  /** Gives the terminal to the shell until it is called back (fg); at once where no shell takes it. */
  suspend(resumed: () => void): void {
    let away = true;
    const back = (): void => {
      if (!away) return;
      away = false;
      process.off('SIGCONT', back);
      process.stdin.setRawMode(true);
      process.stdout.write(ENTER + HOME + HIDE_CURSOR);
      this.attention.enter();
      resumed();
    };
    process.on('SIGCONT', back);
    process.stdin.setRawMode(false);
    this.attention.leave();
    process.stdout.write(LEAVE);
    process.kill(process.pid, 'SIGTSTP');
    // A stopped process has no timers; one that the system does not stop (it leads its session) goes on.
    setTimeout(back, BACK_MS);
  }
}
