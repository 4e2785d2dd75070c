import type { PolicyLayer } from '../policy/source/compile.ts';
import { EMPTY_LAYER, tightened } from '../policy/source/merge-layers.ts';
import { type Applied, policyDigest, unappliedDigest } from './applied-state.ts';
import type { PolicyFile } from './find-policy.ts';
import { type LayerInForce, refusedFile } from './layer-in-force.ts';
import { compileOrExplain } from './policy-text.ts';

/** What a text may do that nobody applied: ask and refuse, never allow, never change how people are asked. */
export function tightening({ settings, lists }: PolicyLayer): PolicyLayer {
  const { approvals, audit } = settings;
  return {
    settings: {
      default: settings.default,
      servers: {},
      approvals: { sign: approvals.sign },
      audit: { redact: audit.redact },
    },
    lists: { deny: lists.deny, escalate: lists.escalate.map(tightened), allow: [] },
  };
}

/** A policy file that nobody applied yet, in a home that is no new one. */
export function restricted(layer: PolicyLayer, { path, text }: PolicyFile): LayerInForce {
  const notice = `The policy ${path} was not applied by anybody yet: its deny and escalate lists count, nothing else of it does. Run "holdpoint policy apply" to put it into force.`;
  const digest = policyDigest(text);
  return {
    name: 'user',
    layer: tightening(layer),
    counts: 'all',
    file: path,
    digest: unappliedDigest(digest),
    notices: [notice],
    changes: [{ event: 'ignored', file: path, digest }],
  };
}

/** However long a list of approvers may count unseen in a text that nobody signed. */
const LONGEST_FRESH_MS = 86_400_000;

/**
 * Where an applied text that nobody signed sends questions: sealed to enrolled approvers, and answered under their
 * signatures alone, they loosen nothing. How a machine that joined a team is reached before an approver was there.
 */
function askedOnly(layer: PolicyLayer | undefined): PolicyLayer['settings']['team'] {
  const team = layer?.settings.team;
  return team && { ...team, auditors: [], freshMs: Math.min(team.freshMs, LONGEST_FRESH_MS) };
}

/**
 * What counts while somebody is enrolled and nobody of them signed what is in force: all that the applied text and
 * the file deny and escalate, and approvals by signature alone. So no program can loosen a policy by itself.
 */
export async function unsealed(
  applied: Applied | undefined,
  found: PolicyFile | null,
): Promise<LayerInForce> {
  const file = found?.path ?? applied?.file ?? null;
  const what = file === null ? 'That there is no policy was' : `The policy ${file} was`;
  const notice = `${what} not signed by an approver, and while one is enrolled nothing else is in force: its deny and escalate lists count, every other call is asked about. Run "holdpoint policy apply" to look at it and sign it.`;
  const texts = [
    ...(applied === undefined ? [] : [{ text: applied.text, path: applied.file }]),
    ...(found === null || found.untrusted !== undefined || found.text === applied?.text ? [] : [found]),
  ];
  const digest = policyDigest(texts.map(({ text }) => text).join('\n'));
  const layers = await Promise.all(texts.map(({ text, path }) => compileOrExplain(text, path)));
  const parts = layers.map(tightening);
  const { lists } = parts[0] ?? EMPTY_LAYER;
  const [first = EMPTY_LAYER.settings, second = first] = parts.map(({ settings }) => settings);
  return {
    name: 'user',
    layer: {
      settings: {
        servers: {},
        default: [first.default, second.default].includes('deny') ? 'deny' : 'escalate',
        approvals: { sign: 'required' },
        audit: {
          redact: [...(first.audit.redact ?? []), ...(second.audit.redact ?? [])],
          mirror: applied === undefined ? undefined : layers[0]?.settings.audit.mirror,
        },
        team: applied === undefined ? undefined : askedOnly(layers[0]),
      },
      lists: {
        deny: [...lists.deny, ...(parts[1]?.lists.deny ?? [])],
        escalate: [...lists.escalate, ...(parts[1]?.lists.escalate ?? [])],
        allow: [],
      },
    },
    counts: 'all',
    file,
    digest: unappliedDigest(digest),
    notices: [notice],
    changes: [
      { event: 'ignored', file: file ?? 'no policy', digest },
      ...(found?.untrusted === undefined ? [] : [refusedFile(found, notice)]),
    ],
    unsealed: true,
  };
}
