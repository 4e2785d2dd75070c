import { dirname } from 'node:path';
import type { ConfigFile } from '../../clients/config-file.ts';
import { type ServerEntry, variableOf } from '../../clients/entries.ts';
import { policyName, policyNames } from '../../clients/policy-names.ts';
import { remoteWords } from '../../clients/remote-words.ts';
import { lowered, raised, saidOf } from '../../clients/time-limit.ts';
import { unwrapText, type Wrapper, wrapText } from '../../clients/wrap.ts';
import { repositoryOf } from '../../config/policy-places.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { realPath } from '../../platform/replace-file.ts';
import { visible } from '../../text/visible.ts';
import type { ClientFile } from './client-files.ts';
import { sharedHoldpoint, thisHoldpoint } from './this-holdpoint.ts';
import type { WrapOptions } from './wrap.ts';

export interface Opened {
  file: ClientFile;
  config: ConfigFile;
}

/** What would be written into one file. */
export interface Planned extends Opened {
  entries: ServerEntry[];
  after: string;
}

/** What there is to do in a file, and what stays as it is and why. */
export interface Plan {
  planned: Planned | undefined;
  /** Sentences for people. */
  said: string[];
  /** Something there could not be understood or done. */
  trouble: boolean;
}

/** Plans to wrap these entries of a file. */
export function planWrap(opened: Opened, entries: readonly ServerEntry[], options: WrapOptions): Plan {
  if (entries.length === 0) return { planned: undefined, said: [], trouble: false };
  const said: string[] = [];
  const wrapper = wrapperFor(opened.file, options, (sentence) => said.push(sentence));
  if (typeof wrapper === 'string') {
    said.push(`Left ${visible(opened.file.path)} as it is: ${wrapper}.`);
    return { planned: undefined, said, trouble: true };
  }
  const made = plan(opened, entries, wrapper);
  const { planned } = made;
  const about = planned === undefined ? [] : [...raises(planned), ...otherNames(opened, planned.entries)];
  return { ...made, said: [...said, ...made.said, ...about] };
}

/** Plans to unwrap these entries of a file. */
export function planUnwrap(opened: Opened, entries: readonly ServerEntry[]): Plan {
  if (entries.length === 0) return { planned: undefined, said: [], trouble: false };
  const made = plan(opened, entries, undefined);
  const { planned } = made;
  return planned === undefined ? made : { ...made, said: [...made.said, ...notPutBack(planned)] };
}

/** A limit that was raised and cannot be told any more from one that a person wrote. */
function notPutBack({ file, config, entries }: Planned): string[] {
  const { limit } = file.client;
  return entries
    .filter((entry) => saidOf(entry.command)?.before !== undefined)
    .filter(({ spelled }) => spelled?.entry.members.some(({ key }) => key === limit?.key))
    .filter((entry) => lowered(config.text, entry, limit) === undefined)
    .map(
      ({ name }) =>
        `The time limit of ${visible(name)} stays as it is: it is no longer what wrap wrote. Look at it.`,
    );
}

/** Of several entries those that can be edited safely are; the rest is named. */
function plan(opened: Opened, entries: readonly ServerEntry[], wrapper: Wrapper | undefined): Plan {
  const { config, file } = opened;
  const edit = (these: readonly ServerEntry[]): string | undefined => {
    try {
      if (wrapper === undefined) return unwrapText(config, these, file.client.limit);
      return wrapText(config, these, wrapper, file.client.limit);
    } catch (error) {
      if (error instanceof PlainError) return undefined;
      throw error;
    }
  };
  const whole = edit(entries);
  if (whole !== undefined) {
    return { planned: { ...opened, entries: [...entries], after: whole }, said: [], trouble: false };
  }
  const able = entries.filter((entry) => edit([entry]) !== undefined);
  const after = able.length === 0 ? undefined : edit(able);
  const unable = entries.filter((entry) => after === undefined || !able.includes(entry));
  const said = unable.map(
    (entry) => `Left ${visible(entry.name)} alone: ${whyUnable(entry, config.path, wrapper === undefined)}`,
  );
  const planned = after === undefined ? undefined : { ...opened, entries: able, after };
  return { planned, said, trouble: unable.length > 0 };
}

function whyUnable(entry: ServerEntry, path: string, unwrapping: boolean): string {
  const variable = unwrapping ? remoteWords(entry.command)?.urlVariable : undefined;
  if (variable !== undefined && variableOf(entry, variable) === undefined)
    return `its address is in the variable ${visible(variable)}, which its environment in ${visible(path)} does not have any more. Write it there, then try again.`;
  return `its entry in ${visible(path)} is laid out so that more than its command would change. Write it on lines of its own, then try again.`;
}

/**
 * A project's file inside a repository is its team's, and names holdpoint without a path. Everything else gets full
 * paths, and says so where it lies in a repository all the same, as dotfiles do.
 */
function wrapperFor(
  { place, path }: ClientFile,
  options: WrapOptions,
  say: (text: string) => void,
): Wrapper | string {
  const repository = repositoryOf(dirname(realPath(path)));
  const shared = options.portable ?? (place.scope === 'project' && repository !== undefined);
  if (shared) {
    if ((process.env['HOLDPOINT_HOME'] ?? '') !== '')
      say(
        `HOLDPOINT_HOME is not written into ${visible(path)}, which others share: set it for the client too.`,
      );
    return sharedHoldpoint(options);
  }
  if (repository !== undefined)
    say(
      `${visible(path)} lies in the repository ${visible(repository)} and now holds paths of this machine; --portable writes none.`,
    );
  return thisHoldpoint(options, say);
}

/** A longer wait is the client's own setting, so it is said apart from the wrapping. */
function raises({ file, config, entries }: Planned): string[] {
  const { limit, name } = file.client;
  const raise = entries
    .map((entry) => raised(config.text, entry, limit))
    .find((one) => one?.edit !== undefined);
  if (limit === undefined || raise === undefined) return [];
  return [
    `${name} gives one call ${Math.round(raise.seconds / 60)} minutes from now on ("${limit.key}"), so that a held call can wait for you; unwrap puts it back.`,
  ];
}

/** A policy cannot call every server as its client's file does. */
function otherNames({ config }: Opened, entries: readonly ServerEntry[]): string[] {
  const names = policyNames(config.entries);
  return entries.flatMap((entry) => {
    const name = policyName(entry, names);
    if (name === entry.name.normalize('NFC')) return [];
    return [`A policy knows ${JSON.stringify(visible(entry.name))} as ${JSON.stringify(visible(name))}.`];
  });
}
