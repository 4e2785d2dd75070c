import { verify } from 'node:crypto';
import { sha256Hex, sha256OfPieces } from '../../platform/digest.ts';
import type { Confirmation } from '../../policy/decide/types.ts';
import { callPlace, writeCall } from '../../protocol/call-canonical.ts';
import type { CallMessage } from '../../protocol/gated/tools-call.ts';
import { canonicalText } from '../../protocol/json/canonical-json.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import type { Seen } from '../holding/hold.ts';
import { publicKeyOf } from './approver-key.ts';

/** What an approver signs: everything that makes an answer one answer to one question (docs/decisions/0008-approvers-and-proof.md). */
export interface Statement {
  /** The hold's own random number: no answer can be used twice. */
  nonce: string;
  session: string;
  call: number;
  hold: string;
  server: string;
  /** The digest of the server's command. */
  command: string;
  tool: string;
  /** The digest of the tool's definition; null when none was seen. */
  definition: string | null;
  digest: string;
  callDigest: string;
  /** The digest of the policy in force. */
  policy: string;
  rule: string;
  verdict: 'approve' | 'reject';
  /** The approver's key id. */
  approver: string;
  method: 'watch' | 'cli-tty' | 'cli';
  confirmation: Confirmation;
  /** SHA-256 of what was put before the person's eyes. */
  rendered: string;
  /** How much of it was on the screen. */
  seen: Seen;
  /** Digest over the tools that are accepted with it; null when none are. */
  accepts: string | null;
  /** ISO 8601. */
  openedAt: string;
  expiresAt: string;
  decidedAt: string;
  reason: string | null;
  /** What is to be remembered, in words: `call until 2026-…`; null for an approval of this call alone. */
  remember: string | null;
}

/** A domain of its own: nothing else that the key ever signs begins like this. Version 1 had no `seen`. */
const DOMAIN = 'holdpoint-decision-v2\n';
const DOMAIN_V1 = 'holdpoint-decision-v1\n';

const KEYS: readonly (keyof Statement)[] = [
  'nonce',
  'session',
  'call',
  'hold',
  'server',
  'command',
  'tool',
  'definition',
  'digest',
  'callDigest',
  'policy',
  'rule',
  'verdict',
  'approver',
  'method',
  'confirmation',
  'rendered',
  'seen',
  'accepts',
  'openedAt',
  'expiresAt',
  'decidedAt',
  'reason',
  'remember',
];

/** The statement as the JSON that is signed and recorded: its keys in one order, nothing else in it. */
export function statementText(statement: Statement): string {
  return JSON.stringify(Object.fromEntries(KEYS.map((key) => [key, statement[key]])));
}

/** The bytes under the signature. */
export function signedBytes(text: string): Buffer {
  return Buffer.from(DOMAIN + text);
}

/** Whether this key signed this text as a decision. `publicKey` and `signature` are base64url; never throws. */
export function isSigned(text: string, publicKey: string, signature: string): boolean {
  return isSignedBytes(signedBytes(text), publicKey, signature);
}

/** The same of a statement in a log, which may be one of version 1. */
export function wasSigned(text: string, publicKey: string, signature: string): boolean {
  return (
    isSigned(text, publicKey, signature) || isSignedBytes(Buffer.from(DOMAIN_V1 + text), publicKey, signature)
  );
}

export function isSignedBytes(bytes: Uint8Array, publicKey: string, signature: string): boolean {
  try {
    return verify(null, bytes, publicKeyOf(publicKey), Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

/** A call as an approver is shown it. */
export interface ShownCall {
  server: string;
  tool: string;
  argumentsText: string;
  task?: string | undefined;
  input?: { answers: string } | undefined;
}

/**
 * Whether what is shown is the call of that digest: an approver signs for what the person saw, not for what a proxy
 * says that it was. False for texts that are no JSON.
 */
export function isCallOf(shown: ShownCall, command: string, callDigest: string): boolean {
  const { server, tool, argumentsText, task, input } = shown;
  const source = (text: string | undefined): JsonSource | undefined =>
    text === undefined ? undefined : JsonSource.of(text);
  const asked = { tool, task: source(task), inputResponses: source(input?.answers) };
  // A call without arguments is shown like one with none in its braces.
  const spellings = [source(argumentsText), ...(argumentsText === '{}' ? [undefined] : [])];
  try {
    return spellings.some((one) => digestOf({ ...asked, arguments: one }, server, command) === callDigest);
  } catch {
    return false;
  }
}

function digestOf(
  call: Pick<CallMessage, 'tool' | 'arguments' | 'inputResponses' | 'task'>,
  server: string,
  command: string,
): string {
  let text = '';
  writeCall(call, callPlace(server, command), {
    text: (piece) => {
      text += piece;
    },
    canonical: (source) => {
      text += canonicalText(source, sha256OfPieces);
    },
  });
  return sha256Hex(text);
}
