import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { namesSecret } from '../../src/secrets/names/fits-kind.ts';
import { nameWords } from '../../src/secrets/names/secret-names.ts';
import { randomFrom } from './planted-secrets.ts';

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  format?: string;
}

interface Tool {
  tool: string;
  inputSchema?: Schema;
}

export const TOOLS_FILE = resolve(import.meta.dirname, '../../../shared/data/tools.jsonl.gz');

/** What people and agents write, by the last word of a parameter's name; nothing of it is a secret. */
const SAMPLES: Record<string, string[]> = {
  path: [
    '/home/ada/project/src/components/UserProfileCard.tsx',
    'C:\\Users\\ada\\Documents\\Report 2026 Q3.docx',
    './node_modules/@types/node/index.d.ts',
    '/var/lib/postgresql/16/main/pg_hba.conf',
  ],
  file: ['README.md', 'src/authentication/passwordReset.ts', 'keys/id_ed25519.pub', 'cookies.txt'],
  url: [
    'https://api.example.com/v2/users/12345/repos?per_page=100&page=2&sort=updated',
    'https://docs.google.com/document/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit#gid=0',
    'https://github.com/nodejs/node/commit/3f9c2a81b7d54e6f80c1a2b3d4e5f60718293a4b',
    'http://localhost:8080/?q=a:b@c',
  ],
  id: [
    '01H8XGJWBWBAQ4Z1D3S2Y7K9VN',
    '3f9c2a81-b7d5-4e6f-80c1-a2b3d4e5f607',
    '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms',
    'recWxyz12AbCdEfGh',
    '64f1a2b3c4d5e6f708192a3b',
    'C024BE91L',
    'UCX6OQ3DkcsbYNE6H8uQQuVA',
    'arn:aws:iam::123456789012:role/AdminRole',
  ],
  sha: [
    '3f9c2a81b7d54e6f80c1a2b3d4e5f60718293a4b',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  ],
  query: [
    'SELECT u.id, u.password_hash, t.token_count FROM users u JOIN tokens t ON t.user_id = u.id WHERE u.email LIKE $1 LIMIT 50',
    'is:open is:issue label:"good first issue" author:octocat',
    '{"bool":{"must":[{"match":{"title":"authorization header"}}]}}',
    'from:boss@example.com subject:(quarterly results) after:2026/01/01',
  ],
  code: [
    'const token = await getToken();\nif (!token) throw new Error("token missing");\nconst key = map.get(id);\n',
    'def authenticate(user, password):\n    return check_password(user.password_hash, password)\n',
    'export function useAuth(): AuthContext { return useContext(AuthContext); }',
    'key: value\nsecretName: db-credentials\nimagePullPolicy: Always\n',
  ],
  text: [
    'The meeting moved to 15:30. Please bring the printed agenda, the budget and the password policy draft.',
    'Reset instructions: open Settings > Security, choose "Change password" and follow the steps.',
    'Release 2.14.0: fixes the tokenizer, adds keyboard shortcuts, secretary role renamed.',
    'Token: the smallest unit a lexer returns. Key: value pairs are separated by commas.',
    'Größe geändert – bitte prüfen, danke! 価格は 1,200 円です。',
  ],
  message: [
    'fix(auth): refresh the session before it expires (#4821)',
    'Merge branch "feature/api-key-rotation-docs" into main',
    'LGTM, one nit: rename `passwordField` to `field`',
  ],
  cursor: ['eyJvZmZzZXQiOjEwMH0=', 'Y3Vyc29yOnYyOpHOABCDEF==', 'next_20'],
  name: [
    'Ada Lovelace',
    'nightly-build-2026-11-25',
    'useLocalStorageStateWithExpiry',
    'AWS_REGION',
    'my-secret-santa-list',
    'com.example.MyVeryLongClassNameFactoryBean2',
  ],
  email: ['ada.lovelace@example.com', 'team+alerts@sub.example.co.uk'],
  date: ['2026-11-25T10:15:00+01:00', '2026-11-25', 'next Tuesday'],
  color: ['#3f9c2a', 'rgba(12, 34, 56, 0.5)'],
  command: [
    'npm run build && npm test -- --reporter=dot',
    'git log --oneline -n 20 --author="Ada"',
    'docker run --rm -p 8080:80 -v "$PWD":/usr/share/nginx/html nginx:1.27-alpine',
    'grep -rn "api_key" src/ | head',
  ],
  selector: [
    '#login-form > input[name="password"]',
    'button[aria-label="Show password"]',
    'div.token-list > li:nth-child(3)',
  ],
  data: [`data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAAAAUA'.repeat(20)}`, '{"a":1,"b":[true,null]}'],
};
const PLAIN = [
  'main',
  'open',
  'asc',
  'production',
  'hello world',
  '42',
  'v1.2.3',
  'en-US',
  'true',
  'octocat/hello-world',
  'public',
];

class Filler {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }

  value(name: string, schema: Schema, depth: number): unknown {
    if (schema.enum !== undefined && schema.enum.length > 0) return this.pick(schema.enum);
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
    if (type === 'number' || type === 'integer') return Math.floor(this.random() * 5_000);
    if (type === 'boolean') return this.random() < 0.5;
    if (type === 'array') return [this.value(name, schema.items ?? {}, depth + 1)];
    if (type === 'object' || schema.properties !== undefined) return this.object(schema, depth + 1);
    return this.text(name);
  }

  object(schema: Schema, depth: number): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    if (depth > 4) return found;
    for (const [name, one] of Object.entries(schema.properties ?? {})) {
      // A parameter that asks for a credential is no ordinary one.
      if (namesSecret(name, 'Zx9-0123456789abc')) continue;
      if (this.random() < 0.8) found[name] = this.value(name, one, depth);
    }
    return found;
  }

  private text(name: string): string {
    const words = nameWords(name).reverse();
    for (const word of words) {
      const samples = SAMPLES[word] ?? SAMPLES[word.replace(/s$/, '')];
      if (samples !== undefined) return this.pick(samples);
    }
    const { id: _, sha, cursor, data, ...readable } = SAMPLES;
    return this.pick(this.random() < 0.5 ? PLAIN : Object.values(readable).flat());
  }
}

/** Ordinary arguments for real tools, made from their schemas; seeded. */
export function ordinaryCalls(count: number): string[] {
  const tools = gunzipSync(readFileSync(TOOLS_FILE))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Tool)
    .filter(({ inputSchema }) => Object.keys(inputSchema?.properties ?? {}).length > 0);
  const filler = new Filler(11);
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify(filler.object(tools[index % tools.length]!.inputSchema!, 0)),
  );
}
