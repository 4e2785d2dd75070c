import { type Fields, fieldsOf } from '../../approvals/channel/wire-fields.ts';
import { sha256Hex } from '../../platform/digest.ts';
import type { Recipient } from '../sealing/hpke.ts';
import type { Opener, Sealed } from '../sealing/sealed.ts';
import { isSealed, openWith, sealTo } from '../sealing/sealed.ts';
import type { KnownMachine, Machine } from '../trust/machine.ts';

/** Where a hold lies, and everything about it: `machine.session.hold`. */
export interface HoldPlace {
  space: string;
  machine: string;
  session: string;
  hold: string;
}

/** A hold as a relay sees it. */
export interface HoldEnvelope {
  v: 1;
  /** ISO 8601. */
  openedAt: string;
  expiresAt: string;
  /** Of what is sealed, characters. */
  size: number;
  sealed: Sealed;
  /** The machine's, base64url. */
  signature: string;
}

const HOLD_DOMAIN = 'holdpoint-team-hold-v1\n';
const NOTE_DOMAIN = 'holdpoint-team-note-v1\n';

export function keyOf({ machine, session, hold }: HoldPlace): string {
  return `${machine}.${session}.${hold}`;
}

/** The place that a key names; undefined for another shape. */
export function placeOf(space: string, key: string): HoldPlace | undefined {
  const [machine, session, hold, ...more] = key.split('.');
  if (machine === undefined || session === undefined || hold === undefined || more.length > 0)
    return undefined;
  return { space, machine, session, hold };
}

const bound = (kind: string, space: string, key: string): string => `${kind}\n${space}\n${key}`;

function holdText(
  place: HoldPlace,
  { openedAt, expiresAt, size, sealed }: Omit<HoldEnvelope, 'signature' | 'v'>,
): string {
  const { space } = place;
  return (
    HOLD_DOMAIN +
    JSON.stringify([space, keyOf(place), openedAt, expiresAt, size, sha256Hex(JSON.stringify(sealed))])
  );
}

/** `text`: what its recipients are shown, as JSON. */
export async function holdEnvelope(
  place: HoldPlace,
  times: Pick<HoldEnvelope, 'openedAt' | 'expiresAt'>,
  text: string,
  by: { machine: Machine; recipients: ReadonlyMap<string, Recipient> },
): Promise<HoldEnvelope> {
  const sealed = await sealTo(by.recipients, bound('hold', place.space, keyOf(place)), text);
  const said = { ...times, size: text.length, sealed };
  return { v: 1, ...said, signature: by.machine.sign(holdText(place, said)) };
}

function isEnvelope({ v, openedAt, expiresAt, size, sealed, signature }: Fields): boolean {
  const texts = [openedAt, expiresAt, signature].every((one) => typeof one === 'string');
  return v === 1 && texts && typeof size === 'number' && isSealed(sealed);
}

/** What a value of the holds is: undefined for none that its machine signed. */
export function readHold(
  place: HoldPlace,
  value: Uint8Array,
  machine: KnownMachine,
): HoldEnvelope | undefined {
  const fields = parsed(value);
  if (fields === undefined || !isEnvelope(fields)) return undefined;
  const envelope = fields as unknown as HoldEnvelope;
  return machine.signed(holdText(place, envelope), envelope.signature) ? envelope : undefined;
}

/** What its recipient is shown; undefined for anybody else. */
export function openHold(place: HoldPlace, { sealed }: HoldEnvelope, opener: Opener): string | undefined {
  return openWith(opener, bound('hold', place.space, keyOf(place)), sealed)?.toString();
}

/** An answer on its way: sealed to the machine whose hold it answers. */
export async function answerEnvelope(
  space: string,
  key: string,
  text: string,
  to: KnownMachine,
): Promise<Buffer> {
  const sealed = await sealTo(new Map([[to.key, to.recipient]]), bound('answer', space, key), text);
  return Buffer.from(JSON.stringify({ v: 1, sealed }));
}

export function openAnswer(
  space: string,
  key: string,
  value: Uint8Array,
  machine: Machine,
): string | undefined {
  const { v, sealed } = parsed(value) ?? {};
  if (v !== 1 || !isSealed(sealed)) return undefined;
  return openWith(machine.opener, bound('answer', space, key), sealed)?.toString();
}

/** What became of an answer, or of a hold: for those who may read it alone, and signed by the machine. */
export async function noteEnvelope(
  space: string,
  key: string,
  text: string,
  by: { machine: Machine; recipients: ReadonlyMap<string, Recipient> },
): Promise<Buffer> {
  const sealed = await sealTo(by.recipients, bound('note', space, key), text);
  const signature = by.machine.sign(noteText(space, key, sealed));
  return Buffer.from(JSON.stringify({ v: 1, sealed, signature }));
}

function noteText(space: string, key: string, sealed: Sealed): string {
  return NOTE_DOMAIN + JSON.stringify([space, key, sha256Hex(JSON.stringify(sealed))]);
}

export function openNote(
  space: string,
  key: string,
  value: Uint8Array,
  who: { machine: KnownMachine; opener: Opener },
): string | undefined {
  const { v, sealed, signature } = parsed(value) ?? {};
  if (v !== 1 || !isSealed(sealed) || typeof signature !== 'string') return undefined;
  if (!who.machine.signed(noteText(space, key, sealed), signature)) return undefined;
  return openWith(who.opener, bound('note', space, key), sealed)?.toString();
}

function parsed(value: Uint8Array): Fields | undefined {
  return fieldsOf(Buffer.from(value).toString());
}
