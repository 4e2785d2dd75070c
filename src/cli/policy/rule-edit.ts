import { join } from 'node:path';
import { AppliedState, policyDigest, USER_SLOT } from '../../config/applied-state.ts';
import { changeOfUser, type PendingChange } from '../../config/pending-change.ts';
import { signedBelow } from '../../config/signed-less.ts';
import { sha256Hex } from '../../platform/digest.ts';
import { ensurePrivateFolder, type Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { readText, replaceFile } from '../../platform/replace-file.ts';
import { type Offer, offerText } from '../../policy/offers/offers.ts';
import { withItems } from '../../policy/source/add-items.ts';
import { addedId, addedRules, idOfSame, withoutRules } from '../../policy/source/added-rules.ts';
import { formatOf } from '../../policy/source/compile.ts';
import { sealCheckOf } from '../../session/seal-check.ts';
import { lineDiff } from '../../text/line-diff.ts';
import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import { policyFile } from './policy-source.ts';
import { type Hand, keepCompiled, putIntoForce, type Told, tellSessions } from './put-into-force.ts';

/** A rule that goes into the user's policy, or out of it: what would be done, and nothing of it is done yet. */
export interface RuleEdit {
  id: string;
  path: string;
  /** The file's text now and then. */
  before: string;
  after: string;
  /** What is in force and would be. */
  change: PendingChange;
  /** Whether the file and what is in force differ already: somebody else's change is not applied yet. */
  differs: boolean;
}

const YAML = 'is YAML, and only JSON is edited here.';

/** Rejects with a PlainError where there is no policy to put it into, or it cannot be. `now`: ms since 1970. */
export async function ruleToAdd(home: Home, offer: Offer, now: number): Promise<RuleEdit> {
  const { item, limit } = offer;
  const { path, text, change } = await userPolicy(home);
  if (formatOf(path, text) !== 'json')
    throw new PlainError(`${visible(path)} ${YAML} Add to "allow": ${visible(JSON.stringify(item))}`);
  const same = await idOfSame(text, 'allow', item);
  if (same !== undefined)
    throw new PlainError(
      `That rule stands in ${visible(path)} already${same === '' ? '' : ` (${visible(same)})`}: "holdpoint policy apply" puts it into force where it is not.`,
    );
  const day = localTime(new Date(now).toISOString()).slice(0, 'YYYY-MM-DD'.length);
  const id = addedId(day, sha256Hex(offerText(offer)));
  const beside = limit !== undefined && (await idOfSame(text, 'escalate', limit)) === undefined;
  const escalate = beside ? { id: `${id}-limit`, ...limit } : undefined;
  const after = await withItems(text, { allow: { id, ...item }, escalate });
  if (after === undefined)
    throw new PlainError(`The rule cannot be put into ${visible(path)} as it stands; nothing was changed.`);
  return edit(id, { path, text, change }, { after, next: after });
}

/** The same the other way: of the text in force and of the file the rule alone is taken out. */
export async function ruleToTakeOut(home: Home, id: string): Promise<RuleEdit> {
  const { path, text, change } = await userPolicy(home);
  const inForce = change.before ?? '';
  if (!(await addedRules(inForce, formatOf(path, inForce))).some((rule) => rule.id === id))
    throw new PlainError(
      `No rule of that id is in force: ${visible(id)}. "holdpoint grants list" shows them.`,
    );
  if (formatOf(path, text) !== 'json')
    throw new PlainError(
      `${visible(path)} ${YAML} Take ${visible(id)} out of it, and run "holdpoint policy apply".`,
    );
  const here = await ruleIn(text, id);
  const [after, next] = await Promise.all([text, inForce].map((one) => withoutRules(one, [id])));
  if (here !== (await ruleIn(inForce, id)) || after === undefined || next === undefined)
    throw new PlainError(
      `${visible(path)} was changed where ${visible(id)} stands, so nothing was written. Take the rule out, and run "holdpoint policy apply".`,
    );
  return edit(id, { path, text, change }, { after, next });
}

async function ruleIn(text: string, id: string): Promise<string | undefined> {
  const found = (await addedRules(text, 'json')).find((rule) => rule.id === id);
  return found === undefined ? undefined : JSON.stringify(found);
}

interface UserPolicy {
  path: string;
  text: string;
  change: PendingChange;
}

async function userPolicy(home: Home): Promise<UserPolicy> {
  const { path, text } = policyFile(home, undefined);
  const change = await changeOfUser(home, sealCheckOf(home));
  if (change?.after !== text) throw changedNow(path);
  return { path, text, change };
}

const changedNow = (path: string): PlainError =>
  new PlainError(
    `${visible(path)} was changed just now by somebody else, so nothing was written. Run this again.`,
  );

function edit(
  id: string,
  { path, text, change }: UserPolicy,
  { after, next }: { after: string; next: string },
): RuleEdit {
  const found = change.found === null ? null : { ...change.found, text: next };
  const digests = { ...change.digests, digest: policyDigest(next) };
  const differs = change.before !== text || !change.sealed;
  return { id, path, before: text, after, change: { ...change, after: next, found, digests }, differs };
}

/** What would be in force beside what is, a line each; safe to show. */
export const differenceOf = ({ change: { before, after } }: RuleEdit): string[] =>
  lineDiff(before ?? '', after ?? '').split('\n');

/**
 * Writes the file and puts the text into force; where that fails, the file gets its text back. Gives what sessions
 * that run say of it. Rejects with a PlainError; a file that was changed meanwhile is left as it is.
 */
export async function carryOut(
  home: Home,
  { path, before, after, change }: RuleEdit,
  hand: Hand,
): Promise<Told[]> {
  if (readText(path) !== before) throw changedNow(path);
  const backups = join(home.root, 'backups');
  ensurePrivateFolder(backups);
  replaceFile(path, before, after, backups);
  try {
    putIntoForce(home, change, hand);
  } catch (error) {
    replaceFile(path, after, before, backups);
    throw error;
  }
  await keepCompiled(home, undefined);
  return tellSessions(home);
}

/** Takes a rule out as anybody may: what an approver signed goes on to count, without it. */
export function takeOut(home: Home, edit: RuleEdit): Promise<Told[]> {
  const applied = new AppliedState(home).of(USER_SLOT);
  return carryOut(home, edit, { signed: applied && signedBelow(applied) });
}
