import { PlainError } from '../../platform/plain-error.ts';

/** What makes a home a member, carried outside the relay: whoever has it can join, and reads what members share. */
export interface Invitation {
  space: string;
  /** The id of the key that the list of approvers begins with. */
  root: string;
  /** 32 bytes, base64url: what members seal to each other by. */
  secret: string;
}

const HEAD = 'holdpoint-team-1.';
/** A space is part of names of buckets and streams. */
export const SPACE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
const KEY_ID = /^[0-9a-f]{32}$/;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

export function invitationText({ space, root, secret }: Invitation): string {
  return HEAD + Buffer.from(JSON.stringify([space, root, secret])).toString('base64url');
}

/** Throws a PlainError for anything else than an invitation. */
export function readInvitation(text: string): Invitation {
  const found = text.startsWith(HEAD) ? fieldsOf(text.slice(HEAD.length)) : undefined;
  if (found !== undefined) return found;
  throw new PlainError(
    'That is not an invitation, or only a part of one: it begins with "holdpoint-team-1." and is one word. "holdpoint team init" prints it, and "team status --invitation" again.',
    2,
  );
}

function fieldsOf(encoded: string): Invitation | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString());
    if (!Array.isArray(value) || value.length !== 3) return undefined;
    const [space, root, secret] = value.map(String) as [string, string, string];
    return SPACE_NAME.test(space) && KEY_ID.test(root) && SECRET.test(secret)
      ? { space, root, secret }
      : undefined;
  } catch {
    return undefined;
  }
}
