import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Attention, summonsOf } from '../../src/watch/attention.ts';

const TERM = 'xterm-256color';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the escape sequence of a terminal', () => {
  it.each([
    [{ TERM_PROGRAM: 'iTerm.app' }, 9],
    [{ TERM_PROGRAM: 'WarpTerminal' }, 9],
    [{ TERM_PROGRAM: 'ghostty' }, 777],
    [{ TERM_PROGRAM: 'WezTerm' }, 777],
    [{ TERM: 'xterm-kitty' }, 99],
    [{ TERM: 'foot-extra' }, 777],
    [{ TERM: 'rxvt-unicode-256color' }, 777],
    [{ KITTY_WINDOW_ID: '1' }, 99],
    [{ KONSOLE_VERSION: '230800' }, 777],
    [{ VTE_VERSION: '7600' }, 777],
    [{ VTE_VERSION: '4205' }, undefined],
    // Over ssh, and within tmux, where its name is tmux's.
    [{ LC_TERMINAL: 'iTerm2' }, 9],
    [{ TERM_PROGRAM: 'tmux', TERM: 'tmux-256color', KITTY_WINDOW_ID: '3', TMUX: '/tmp/x' }, 99],
    // What its parent left in the environment is not its own.
    [{ TERM_PROGRAM: 'vscode', KITTY_WINDOW_ID: '3' }, undefined],
    [{ TERM_PROGRAM: 'Apple_Terminal' }, undefined],
    [{ TERM: 'xterm-kitty', STY: '1.pts' }, undefined],
    [{ TERM }, undefined],
    [{}, undefined],
  ])('%o: %s', (env, wanted) => {
    expect(summonsOf(env)).toBe(wanted);
  });
});

function attentionIn(env: NodeJS.ProcessEnv, on = true) {
  let written = '';
  const attention = new Attention(
    (text) => {
      written += text;
    },
    { env, on },
  );
  const taken = (): string => {
    const text = written;
    written = '';
    return text;
  };
  return { attention, taken };
}

describe('the approval terminal calls for its person', () => {
  it('by a bell for each call, and one notification for those that come together', () => {
    const { attention, taken } = attentionIn({ TERM, TERM_PROGRAM: 'iTerm.app' });
    attention.ring();
    attention.waiting(1);
    attention.ring();
    attention.waiting(2);
    expect(taken()).toBe('\u0007\u0007');
    vi.advanceTimersByTime(1_000);
    expect(taken()).toBe('\u001b]9;holdpoint: 2 calls wait for approval\u001b\\');
    attention.ring();
    attention.waiting(0);
    vi.advanceTimersByTime(1_000);
    expect(taken()).toBe('\u0007');
  });

  it.each([
    [{ TERM_PROGRAM: 'ghostty' }, '\u001b]777;notify;holdpoint;1 call waits for approval\u001b\\'],
    [
      { TERM: 'xterm-kitty' },
      '\u001b]99;i=holdpoint:o=unfocused:d=0;holdpoint\u001b\\\u001b]99;i=holdpoint:d=1:p=body;1 call waits for approval\u001b\\',
    ],
    [
      { TMUX: '/tmp/x', LC_TERMINAL: 'iTerm2' },
      '\u001bPtmux;\u001b\u001b]9;holdpoint: 1 call waits for approval\u001b\u001b\\\u001b\\',
    ],
    [{ TERM }, ''],
  ])('as its terminal takes it (%o)', (env, wanted) => {
    const { attention, taken } = attentionIn(env);
    attention.ring();
    attention.waiting(1);
    vi.advanceTimersByTime(1_000);
    expect(taken()).toBe(`\u0007${wanted}`);
  });

  it('by the count in the title, which it gives back at the end', () => {
    const { attention, taken } = attentionIn({ TERM });
    attention.waiting(3);
    attention.enter();
    expect(taken()).toBe('\u001b[22;2t\u001b]2;holdpoint: 3 wait\u001b\\');
    attention.waiting(3);
    attention.waiting(1);
    attention.waiting(0);
    expect(taken()).toBe('\u001b]2;holdpoint: 1 waits\u001b\\\u001b]2;holdpoint\u001b\\');
    attention.leave();
    attention.leave();
    attention.waiting(2);
    expect(taken()).toBe('\u001b]2;\u001b\\\u001b[23;2t');
    attention.enter();
    expect(taken()).toBe('\u001b[22;2t\u001b]2;holdpoint: 2 wait\u001b\\');
  });

  it.each([
    ['it is told not to', { TERM: 'xterm-kitty' }, false],
    ['the console prints what it does not know', { TERM: 'linux' }, true],
  ])('by the bell alone where %s', (_, env, on) => {
    const { attention, taken } = attentionIn(env, on);
    attention.enter();
    attention.ring();
    attention.waiting(1);
    vi.advanceTimersByTime(1_000);
    attention.leave();
    expect(taken()).toBe('\u0007');
  });
});
