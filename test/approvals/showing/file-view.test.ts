import { describe, expect, it } from 'vitest';
import { fileNamed } from '../../../src/approvals/showing/file-view.ts';

const named = (tool: string, args: unknown): string | undefined =>
  fileNamed({ tool, argumentsText: JSON.stringify(args) });

describe('the file that a call names', () => {
  it.each([
    ['write_file', { path: 'a/b', content: 'x' }, 'a/b'],
    ['x', { content: 'x', file_path: '/a' }, '/a'],
    ['edit_file', { path: 'a', edits: [{ oldText: 'b', newText: 'c' }] }, 'a'],
    ['x', { filename: 'a', old_string: 'b', new_string: 'c' }, 'a'],
    ['create_text_file', { relative_path: 'a.ts', content: 'x' }, 'a.ts'],
  ])('%s with %j names %s', (tool, args, path) => {
    expect(named(tool, args)).toBe(path);
  });

  it('is none for a call that writes none', () => {
    expect(named('read_file', { path: 'a' })).toBeUndefined();
    expect(named('run', { command: 'ls', cwd: '/a' })).toBeUndefined();
    expect(fileNamed({ tool: 'write_file', argumentsText: '{' })).toBeUndefined();
  });
});
