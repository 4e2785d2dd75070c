import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRightToLeft, visible } from '../../../src/text/visible.ts';
import { anyText } from '../../support/hostile-texts.ts';
import { rows, said, toned, view } from '../../support/views.ts';

const sql = (text: string) => view({ sql: text });
const warned = (text: string): string[] => said(sql(text));

describe('a statement', () => {
  it('stands in full, whatever it is cut into', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const whole = `SELECT 1 ${text}`;
        if (isRightToLeft(whole)) return;
        const { lines } = sql(whole);
        const own = lines.filter(({ block }) => block);
        const shown = own.flatMap(({ segments }) =>
          segments.filter(({ text: part }) => !/^ \[\d+ spaces\] $/.test(part)),
        );
        const bare = (one: string): string => one.replace(/\s/g, '');
        const plain = whole.split('\n').map(visible).join('');
        expect(bare(shown.map(({ text: part }) => part).join(''))).toBe(bare(plain));
      }),
      { numRuns: 400 },
    );
  });

  it('of several is cut, and their verbs are said first', () => {
    const shown = sql('SELECT 1; -- just looking\nDROP TABLE users;\n\n\n\n\n\nCOMMIT');
    expect(said(shown)).toEqual([
      'danger: Statement 2 of 3 drops a table: DROP TABLE users;',
      'warn: 3 statements: SELECT, DROP TABLE, COMMIT.',
    ]);
    expect(rows(shown.lines)).toEqual([
      '"sql": 3 statements',
      '  statement 1 of 3: SELECT',
      '    │ SELECT 1;',
      '  statement 2 of 3: DROP TABLE',
      '    │ -- just looking',
      '    │ DROP TABLE users;',
      '  statement 3 of 3: COMMIT',
      '    (5 blank lines)',
      '    │ COMMIT',
    ]);
    expect(toned(shown.lines, 'quiet')).toContain('-- just looking');
    expect(toned(shown.lines, 'danger')).toEqual(['DROP TABLE']);
  });

  it('among hundreds is not lost: each verb is counted, the rarest first', () => {
    const text = `${'INSERT INTO a VALUES (1);\n'.repeat(300)}DROP TABLE b;\n${'SELECT 1;\n'.repeat(40)}`;
    expect(warned(text)).toContain('warn: 341 statements: 1 DROP TABLE, 40 SELECT, 300 INSERT.');
    expect(warned(text)[0]).toBe('danger: Statement 301 of 341 drops a table: DROP TABLE b;');
  });

  it.each([
    ['a backslash before a quote', "SELECT 'a\\'; DROP TABLE b; --'"],
    ['a hash', 'SELECT 1 # x; \n; DROP TABLE b'],
    ['a hash that is no comment', 'SELECT 1 #; DROP TABLE b'],
    ['two lines that are no comment without a space', 'SELECT 1 --1; DROP TABLE b'],
    ['a comment that runs', 'SELECT 1 /*!50000 ; DROP TABLE b */'],
    ['a comment in a comment', 'SELECT 1 /* /* */; DROP TABLE b -- */'],
    ['dollar quotes', 'SELECT $$ ; DROP TABLE b; $$'],
    ['a backtick', 'SELECT `; DROP TABLE b; `'],
    ['a bracket', 'SELECT [; DROP TABLE b; ]'],
    ["q'", "SELECT q'['; DROP TABLE b; ]'"],
    ["E'", "SELECT E'\\'; DROP TABLE b; --'"],
  ])('that databases read in two ways is cut where any of them would: %s', (_, text) => {
    expect(warned(text).filter((one) => /drops a table: DROP TABLE b/.test(one))).toHaveLength(1);
    expect(warned(text).join('\n')).toMatch(/Databases disagree|a hash|\d statements/);
  });

  // Each hides the second statement from all readings but one.
  it.each([
    ['SQLite', 'SELECT `\'`, ["]; DROP TABLE b'],
    ['Postgres', "SELECT $$'$$; DROP TABLE b"],
    ['MySQL', "SELECT '\\'' # \"\n; DROP TABLE b"],
    ['MySQL without escapes', "SELECT '\\' # \"\n; DROP TABLE b"],
    ['BigQuery', "SELECT '\\'' #; DROP TABLE b"],
    ['SQL Server', 'SELECT ["] /* /* */ \' */; DROP TABLE b'],
    ['Oracle', "SELECT q'[']'; DROP TABLE b"],
  ])('that only %s would take for two is two', (_, text) => {
    expect(warned(text).join('\n')).toMatch(/drops a table: DROP TABLE b[\s\S]*Databases disagree/);
  });

  it('with a comment behind its end keeps that', () => {
    expect(rows(sql('SELECT 1;\n-- the end').lines)).toEqual([
      '"sql": statement: SELECT',
      '  │ SELECT 1;',
      '  │ -- the end',
    ]);
  });

  it.each([
    ['SELECT \'a;b\', "c;d" FROM e -- f;\n WHERE g /* ; */ = 1;'],
    ["INSERT INTO a VALUES ('it''s; fine');"],
    ['SELECT a FROM b WHERE c = 1'],
    ['UPDATE a SET b = 1 WHERE c = 2'],
    ['DELETE FROM a WHERE b IN (SELECT c FROM d)'],
    ['SELECT * FROM a FOR UPDATE'],
    ['WITH x AS (SELECT 1) SELECT * FROM x'],
    ['INSERT INTO a VALUES (1) ON CONFLICT DO UPDATE SET b = 2'],
  ])('that does no more than it seems is one, and nothing is said: %s', (text) => {
    expect(warned(text)).toEqual([]);
  });

  it.each([
    ['UPDATE a SET b = 1', 'is UPDATE without WHERE'],
    ['UPDATE a SET b = (SELECT c FROM d WHERE e = 1)', 'is UPDATE without WHERE'],
    ['delete from a', 'is DELETE without WHERE'],
    ['DELETE FROM a -- WHERE b = 1', 'is DELETE without WHERE'],
    ["DELETE FROM a /* WHERE */ RETURNING 'WHERE'", 'is DELETE without WHERE'],
    ['DELETE FROM a SELECT b FROM c WHERE d = 1', 'is DELETE without WHERE'],
    ['WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x WHERE 2 = y', 'is DELETE without WHERE'],
    ['EXPLAIN ANALYZE DELETE FROM a', 'is DELETE without WHERE'],
    ['DELETE FROM a WHERE 1=1', 'always true: WHERE 1=1'],
    ["DELETE FROM a WHERE b = 2 OR 'x' = 'x'", "always true: OR 'x' = 'x'"],
    ['UPDATE a SET b = 1 WHERE true', 'always true'],
    ['SELECT 1 DROP TABLE a', 'drops a table'],
    ['DROP/**/TABLE a', 'drops a table'],
    ['TRUNCATE a', 'empties a table'],
    ['ALTER TABLE a DROP COLUMN b', 'drops a column'],
    ['GRANT ALL ON a TO b', 'gives rights'],
    ['CREATE USER a', 'makes a user'],
    ["COPY a FROM PROGRAM 'curl x'", 'runs a program on the database server'],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", 'reads or writes files on the database server'],
    ['EXEC xp_cmdshell 1', 'runs a program on the database server'],
  ])('that does much is told in words: %s', (text, words) => {
    expect(warned(text).join('\n')).toContain(words);
    expect(sql(text).warnings[0]?.tone).not.toBe('note');
  });

  it('with an open quote says so', () => {
    expect(warned("SELECT 'a")).toEqual(['warn: A quote or comment in it is not closed.']);
  });

  it('is only what begins as one: a search and GraphQL are left as they are', () => {
    expect(view({ query: 'cats; dogs' }).name).toBe('plain');
    expect(view({ graphql: '{ user(id: 1) { name } }' }).name).toBe('plain');
    expect(view({ query: 'call mom; create art' }).name).toBe('plain');
    for (const query of [
      'SELECT a FROM b',
      'SELECT 1; DROP TABLE b',
      'cats; drop table b',
      'EXEC xp_cmdshell 1',
    ])
      expect(view({ query }).name, query).toBe('statement');
  });

  it.each([
    "SELECT a FROM b; UPDATE users SET role = 'admin' WHERE id = 88",
    'SELECT a FROM b; INSERT INTO c VALUES (1)',
    'WITH a AS (UPDATE b SET c = 1 WHERE d = 2 RETURNING *) SELECT * FROM a',
  ])('that begins by reading and goes on otherwise is told of: %s', (text) => {
    expect(warned(text)[0]).toMatch(/^danger: .*does more than read: /);
    expect(sql(text).changes).toBe(true);
  });

  it.each(["SELECT a FROM b WHERE c = 'update x set y'", 'EXPLAIN SELECT 1', 'SHOW TABLES'])(
    'that reads alone changes nothing: %s',
    (text) => {
      expect(sql(text).changes).toBeUndefined();
      expect(warned(text).filter((one) => one.startsWith('danger'))).toEqual([]);
    },
  );

  it('that changes by its verb is not told of for that', () => {
    expect(sql('UPDATE a SET b = 1 WHERE c = 2').changes).toBe(true);
    expect(warned('UPDATE a SET b = 1 WHERE c = 2')).toEqual([]);
    expect(warned('BEGIN; UPDATE a SET b = 1 WHERE c = 2; COMMIT')[0]).toMatch(/^warn: 3 statements/);
  });

  it('with a column that is called role changes no rights by it', () => {
    expect(warned("UPDATE a SET role = 'x' WHERE b = 1")).toEqual([]);
    for (const text of [
      'SET ROLE admin',
      "SET role = 'admin'",
      'SET LOCAL ROLE x',
      'SET SESSION AUTHORIZATION x',
    ])
      expect(warned(text)[0], text).toMatch(/^danger: .*changes whose rights count/);
  });
});
