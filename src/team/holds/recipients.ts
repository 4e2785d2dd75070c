import type { Enrolled } from '../../approvals/signing/enrolment.ts';
import { type Recipient, recipientOf } from '../sealing/hpke.ts';

/** The approvers who may answer, by key id, as far as anything can be sealed to them. */
export class Recipients {
  /** Reading a key costs as much as sealing to it. */
  private readonly read = new Map<string, Recipient>();

  of(enrolled: Iterable<Enrolled>, approvers: readonly string[] | null): Map<string, Recipient> {
    const found = new Map<string, Recipient>();
    for (const { key, name, encryption } of enrolled) {
      if (encryption === undefined || (approvers !== null && !approvers.includes(name))) continue;
      const recipient = this.recipient(encryption);
      if (recipient !== undefined) found.set(key, recipient);
    }
    return found;
  }

  private recipient(encryption: string): Recipient | undefined {
    const known = this.read.get(encryption);
    if (known !== undefined) return known;
    try {
      const made = recipientOf(Buffer.from(encryption, 'base64url'));
      this.read.set(encryption, made);
      return made;
    } catch {
      return undefined;
    }
  }
}
