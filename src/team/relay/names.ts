import type { Bucket } from './relay.ts';

export const BUCKETS: readonly Bucket[] = ['holds', 'answers', 'ends', 'presence', 'trust', 'policy'];

/** The bucket of a space, as NATS knows it. */
export function bucketName(space: string, bucket: Bucket): string {
  return `holdpoint-${space}-${bucket}`;
}

/** The stream of a space's copy of the log. */
export function auditStream(space: string): string {
  return `HOLDPOINT-${space}-audit`;
}

/** Where a session's copy lies in it. */
export function auditSubject(space: string, machine: string, session: string): string {
  return `holdpoint.${space}.audit.${machine}.${session}`;
}
