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
  return masked(withoutValues(config));
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
