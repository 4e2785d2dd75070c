import { auditStream, auditSubject, bucketName } from './names.ts';
import type { Bucket } from './relay.ts';

export type Role = 'proxy' | 'approver' | 'auditor' | 'administrator';
export const ROLES: readonly Role[] = ['proxy', 'approver', 'auditor', 'administrator'];

/** What a NATS server must permit somebody, as subjects. */
export interface Permissions {
  publish: string[];
  subscribe: string[];
}

export interface Whose {
  machine: string;
  /** Of an approver: the id of their key. */
  key: string;
}

/** Where the relay's answers to one machine go: nobody else may read those. */
export function inboxOf(machine: string): string {
  return `_INBOX.holdpoint.${machine}`;
}

/** To write at a key of a bucket. */
const write = (space: string, bucket: Bucket, key: string): string =>
  `$KV.${bucketName(space, bucket)}.${key}`;

/** To read a stream: what it is, its last values, and a consumer of one's own. */
function read(stream: string): string[] {
  return [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.DELETE.${stream}.>`,
    `$JS.API.CONSUMER.INFO.${stream}.>`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.>`,
  ];
}

/** Answers to what keeps a consumer going. */
const CONSUMING = ['$JS.FC.>', '$JS.ACK.>', '$JS.API.INFO'];

/** What a role needs in a space, and nothing besides. */
export function permissionsOf(space: string, role: Role, { machine, key }: Whose): Permissions {
  const reads = (...buckets: Bucket[]): string[] =>
    buckets.flatMap((one) => read(`KV_${bucketName(space, one)}`));
  const subscribe = [`${inboxOf(machine)}.>`];
  const audit = auditStream(space);
  switch (role) {
    case 'proxy':
      return {
        publish: [
          write(space, 'holds', `${machine}.>`),
          write(space, 'ends', `${machine}.>`),
          write(space, 'presence', `session.${machine}.>`),
          write(space, 'trust', `machine.${machine}`),
          write(space, 'trust', `list.${machine}`),
          auditSubject(space, machine, '*'),
          ...reads('answers', 'presence', 'trust', 'policy'),
          ...read(audit),
          ...CONSUMING,
        ],
        subscribe,
      };
    case 'approver':
      return {
        publish: [
          write(space, 'answers', `${key}.>`),
          write(space, 'presence', `approver.${key}.>`),
          write(space, 'trust', `head.${key}`),
          write(space, 'trust', `machine.${machine}`),
          write(space, 'trust', `list.${machine}`),
          ...reads('holds', 'ends', 'answers', 'presence', 'trust', 'policy'),
          ...CONSUMING,
        ],
        subscribe,
      };
    case 'auditor':
      return {
        publish: [...read(audit), ...reads('trust', 'policy'), ...CONSUMING],
        subscribe,
      };
    case 'administrator':
      return {
        publish: [
          '$JS.API.>',
          ...(['holds', 'answers', 'ends', 'presence', 'trust', 'policy'] as const).map((one) =>
            write(space, one, '>'),
          ),
          ...CONSUMING,
        ],
        subscribe,
      };
  }
}

/** One user of a server, for its configuration. */
export interface RoleUser extends Whose {
  role: Role;
}

function nameOf({ role, machine, key }: RoleUser): string {
  return role === 'approver' ? `approver-${key}` : `${role}-${machine}`;
}

const PLACE = 'REPLACE_WITH_A_PASSWORD';

/** An account as NATS's configuration writes it; passwords are for whoever reads it to fill in. */
export function configurationOf(space: string, users: readonly RoleUser[]): string {
  const list = (subjects: readonly string[]): string =>
    subjects.map((one) => `          ${JSON.stringify(one)}`).join('\n');
  const user = (one: RoleUser): string => {
    const { publish, subscribe } = permissionsOf(space, one.role, one);
    return `      {
        user: ${JSON.stringify(nameOf(one))}, password: "${PLACE}"
        permissions {
          publish { allow: [
${list(publish)}
          ] }
          subscribe { allow: [
${list(subscribe)}
          ] }
        }
      }`;
  };
  return `accounts {
  HOLDPOINT_${space} {
    jetstream: enabled
    users: [
${users.map(user).join('\n')}
    ]
  }
}
`;
}

/** The same as commands of `nsc`. */
export function nscCommandsOf(space: string, users: readonly RoleUser[]): string {
  const account = `HOLDPOINT_${space}`;
  const quoted = (subjects: readonly string[]): string => `'${subjects.join(',')}'`;
  return users
    .map((one) => {
      const { publish, subscribe } = permissionsOf(space, one.role, one);
      return `nsc add user --account ${account} --name ${nameOf(one)} --allow-pub ${quoted(publish)} --allow-sub ${quoted(subscribe)}\nnsc generate creds --account ${account} --name ${nameOf(one)} > ${nameOf(one)}.creds`;
    })
    .join('\n');
}
