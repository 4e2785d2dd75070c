import type { Home } from '../platform/home.ts';
import { compileLayer, formatOf, type PolicyLayer } from '../policy/source/compile.ts';
import { EMPTY_LAYER, unreadableLayer } from '../policy/source/merge-layers.ts';
import { type Applied, type AppliedState, policyDigest, unappliedDigest } from './applied-state.ts';
import { findProject, type PolicyFile } from './find-policy.ts';
import { type LayerInForce, refusedFile } from './layer-in-force.ts';
import { appliedAbove, projectSlot } from './project-slots.ts';
import type { SealCheck } from './seals.ts';

/** What a project's policy files add. They tighten; only exactly what a person applied may allow as well. */
export async function projectLayers(
  home: Home,
  state: AppliedState,
  { workingFolder, sealed }: { workingFolder: string; sealed: SealCheck | undefined },
): Promise<LayerInForce[]> {
  const found = findProject(home, workingFolder);
  const layers: LayerInForce[] = [];
  for (const file of found) {
    const slot = projectSlot(file.path);
    const applied = state.of(slot);
    const { digest = '', seal } = applied ?? {};
    const mayAllow = sealed === undefined || sealed(seal, { what: 'policy', of: slot, digest });
    layers.push(...(await layersOf(file, applied, mayAllow)));
  }
  const there = new Set(found.map(({ path }) => projectSlot(path)));
  for (const [slot, applied] of appliedAbove(state, workingFolder)) {
    if (there.has(slot)) continue;
    const path = applied.file;
    const said = `The project's policy ${path} is gone; what it denied and escalated when it was applied still counts. Run "holdpoint policy apply ${path}" to do without it.`;
    layers.push(await formerly(applied, said));
  }
  return layers;
}

async function layersOf(
  file: PolicyFile,
  applied: Applied | undefined,
  mayAllow: boolean,
): Promise<LayerInForce[]> {
  const { path, text, untrusted, linked } = file;
  if (untrusted !== undefined) {
    if (applied === undefined)
      return [nothingOf(file, `${untrusted} Nothing that it denies or escalates counts.`)];
    const why = `${untrusted} What was applied of it goes on denying and escalating.`;
    return [{ ...(await formerly(applied, why)), changes: [refusedFile(file, why, applied.digest)] }];
  }
  const digest = policyDigest(text);
  const { layer, problems = [] } = await compileLayer(text, formatOf(path, text));
  const notifier = layer && notifierIn(layer, path);
  if (applied?.digest === digest && layer !== undefined && notifier === undefined && mayAllow)
    return [{ name: 'project', layer, counts: 'lists', file: path, digest, notices: [], changes: [] }];
  const change = { event: 'ignored' as const, file: path, digest };
  const ways = `Run "holdpoint policy apply ${path}" to see it and apply it.`;
  const [problem] = problems;
  const said =
    layer === undefined
      ? `The project's policy ${path} cannot be read (${linked ? `line ${problem?.line} of what it leads to` : `line ${problem?.line}: ${problem?.message}`}), so every call is held. Mend it, or remove it.`
      : notifier !== undefined
        ? `${notifier} Beside that it may deny and escalate, and nothing else.`
        : applied === undefined
          ? `The project's policy ${path} was not applied by anybody: it may deny and escalate, and nothing else. ${ways}`
          : applied.digest === digest
            ? `The project's policy ${path} was applied, and no approver signed that: it may deny and escalate, and nothing else. ${ways}`
            : `The project's policy ${path} has changed since it was applied: it may deny and escalate, as the earlier text still does, and nothing else. ${ways}`;
  const read: PolicyLayer = layer ?? unreadableFile(path);
  const now: LayerInForce = {
    name: 'project',
    layer: read,
    counts: 'tightening',
    file: path,
    digest: unappliedDigest(digest),
    notices: [said],
    changes: [applied === undefined ? change : { ...change, previousDigest: applied.digest }],
  };
  return applied === undefined ? [now] : [now, await formerly(applied)];
}

/** What was applied of a file that is another now, or gone: it goes on tightening, as nobody took it back. */
async function formerly(applied: Applied, said?: string): Promise<LayerInForce> {
  const { layer } = await compileLayer(applied.text, formatOf(applied.file, applied.text));
  const read = layer ?? unreadableApplied(applied.file);
  return {
    name: 'project',
    layer: read,
    counts: 'tightening',
    file: applied.file,
    digest: applied.digest,
    notices: said === undefined ? [] : [said],
    changes: [],
  };
}

/** Why a project's policy is never applied: it names a command, or a team's relay. Undefined: it names none. */
export function notifierIn({ settings }: PolicyLayer, path: string): string | undefined {
  if (settings.team !== undefined)
    return `The project's policy ${path} names a team's relay ("team"), which counts in your own policy only: a repository must not choose where your calls are shown. Move it there, and take it out of this file.`;
  if (settings.approvals.notify === undefined) return undefined;
  return `The project's policy ${path} names a command ("approvals.notify"), which is never run: a repository must not choose what runs on this machine. Move it into your own policy, and take it out of this file.`;
}

/** What stands in for a file that does not compile. */
export function unreadableFile(path: string): PolicyLayer {
  return unreadableLayer(`The project's policy ${path} cannot be read`);
}

/** And for a text that did when it was applied. */
export function unreadableApplied(file: string): PolicyLayer {
  return unreadableLayer(`The applied policy ${file} cannot be read any more`);
}

function nothingOf(file: PolicyFile, why: string): LayerInForce {
  return {
    name: 'project',
    layer: EMPTY_LAYER,
    counts: 'tightening',
    file: file.path,
    digest: policyDigest(''),
    notices: [why],
    changes: [refusedFile(file, why)],
  };
}
