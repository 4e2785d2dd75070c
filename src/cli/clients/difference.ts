import { type ConfigFile, readConfig } from '../../clients/config-file.ts';
import { withoutValues } from '../../clients/without-values.ts';
import { painted } from '../../platform/colours.ts';
import { findInText } from '../../secrets/find-in-text.ts';
import { lineDiff } from '../../text/line-diff.ts';

/** What would change in a configuration, for the screen: values of environments and secrets masked, coloured for a person. */
export function difference(config: ConfigFile, after: string): string {
  const changed = readConfig(config.path, after, config.place);
  return coloured(lineDiff(shown(config), shown(changed)));
}

/** A configuration as it may be shown: tokens may stand in arguments too. */
function shown(config: ConfigFile): string {
  return masked(withoutValues(config, (words) => maskedWords(words).map((word, at) => word !== words[at])));
}

/** The words of a command line with secrets left out: whether one holds any is often said by the word before it. */
export function maskedWords(words: readonly string[]): string[] {
  const spans = findInText(words.join(' '), false);
  let from = 0;
  return words.map((word) => {
    const start = from;
    from += word.length + 1;
    const hit = spans.some((span) => span.start < start + word.length && span.end > start);
    return !hit ? masked(word) : masked(word) === word ? '…' : masked(word);
  });
}

/** A text with what looks like a secret left out. */
export function masked(text: string): string {
  let result = '';
  let at = 0;
  for (const { start, end } of findInText(text, false)) {
    result += `${text.slice(at, start)}…`;
    at = end;
  }
  return result + text.slice(at);
}

/** Added lines green, removed ones red, where a person sees it. */
function coloured(diff: string): string {
  return diff
    .split('\n')
    .map((line) =>
      line.startsWith('-') ? painted(line, 'red') : line.startsWith('+') ? painted(line, 'green') : line,
    )
    .join('\n');
}
