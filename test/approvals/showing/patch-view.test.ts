import { describe, expect, it } from 'vitest';
import { rows, said, toned, view } from '../../support/views.ts';

const GIT = `diff --git a/src/a.ts b/src/a.ts
index 1234567..89abcde 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -1,9 +1,9 @@
 one
--- two
+++ three
 four
\\ No newline at end of file
diff --git a/b b/b
deleted file mode 100644
--- a/b
+++ /dev/null
@@ -1 +0,0 @@
-x
`;

describe('a patch', () => {
  it('stands line by line, and which files it touches is said before', () => {
    const shown = view({ patch: GIT });
    expect(shown.name).toBe('patch');
    expect(said(shown)).toEqual([
      'warn: The patch changes 2 files: src/a.ts, b; 1 added, 2 removed.',
      'warn: The patch deletes a file.',
    ]);
    expect(rows(shown.lines).slice(1)).toEqual(GIT.split('\n').map((line) => `  │ ${line}`));
    expect(toned(shown.lines, 'removed')).toEqual(['--- two', '-x']);
    expect(toned(shown.lines, 'added')).toEqual(['+++ three']);
  });

  it('of the other kind is one too', () => {
    const text = '*** Begin Patch\n*** Update File: a/b.ts\n@@\n-x\n+y\n*** Delete File: c\n*** End Patch';
    expect(said(view({ input: text }))).toEqual([
      'warn: The patch changes 2 files: a/b.ts, c; 1 added, 1 removed.',
      'warn: The patch deletes a file.',
    ]);
  });

  it('with ANSI in it, or a name that reorders, drives nothing', () => {
    const shown = view({ diff: '--- a/x\n+++ b/\u202ex\n@@ -1 +1 @@\n-\u001b[31ma\n+\u001b[2Kb' });
    expect(rows(shown.lines).at(-1)).toBe('  │ +\\u{001b}[2Kb');
    expect(said(shown)[0]).toContain('\\u{202e}x');
    expect(view({ diff: '--- a/x\n+++ b/שלום\n@@ -1 +1 @@\n-a\n+b' }).fellBack).toContain('right-to-left');
  });

  it('that makes a program or carries bytes is warned of', () => {
    expect(
      said(
        view({ patch: 'diff --git a/x b/x\nnew file mode 100755\nBinary files /dev/null and b/x differ' }),
      ),
    ).toEqual([
      'warn: The patch makes a file executable.',
      'warn: The patch has bytes in it that nobody can read.',
      'note: The patch changes 1 file: x; 0 added, 0 removed.',
    ]);
  });
});
