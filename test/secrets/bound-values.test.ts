import { describe, expect, it } from 'vitest';
import { recorded } from '../support/recorded.ts';

/** Words that nothing but the statement says to be a password. */
const P = 'harbour';

describe('a value that a statement binds to the name of a secret is masked', () => {
  it.each<[string, object]>([
    [
      'in variables of GraphQL',
      {
        query: 'mutation($u:String!,$w:String!){signUp(user:$u,password:$w){id}}',
        variables: { u: 'a', w: P },
      },
    ],
    ['by a question mark', { sql: 'UPDATE users SET password = ? WHERE id = ?', params: [P, 7] }],
    ['by the second mark', { sql: 'SELECT 1 FROM u WHERE mail = ? AND password = ?', params: ['a', P] }],
    ['by a number', { query: 'update u set pwd = $2 where id = $1', values: [1, P] }],
    [
      'by its column',
      { sql: 'INSERT INTO users (email, password) VALUES ($1, $2)', params: ['a@b.example', P] },
    ],
    ['by a mark of Python', { query: 'SELECT 1 FROM u WHERE a = %s AND password = %s', args: ['a', P] }],
    ['by a name', { sql: "update u set pwd = crypt(:pw, gen_salt('bf'))", params: { pw: P } }],
    [
      'by a name with its mark',
      { statement: 'INSERT INTO u(a,password) VALUES(@a,@p)', parameters: { '@p': P } },
    ],
  ])('%s', (_, args) => {
    expect(recorded(args)).not.toContain(P);
  });

  it.each<[string, object]>([
    ['another column', { sql: 'SELECT 1 FROM u WHERE mail = ? AND password = ?', params: [P, 'Kx7tr!ober'] }],
    ['a path', { query: 'query($p:String!){page(path:$p){id}}', variables: { p: P } }],
    [
      'a question about a password',
      { sql: 'SELECT 1 FROM u WHERE password IS NOT NULL AND a = ?', params: [P] },
    ],
    ['a value without a statement', { name: 'password = ?', params: [P] }],
  ])('but not of %s', (_, args) => {
    expect(recorded(args)).toContain(P);
  });
});
