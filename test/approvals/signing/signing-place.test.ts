import { describe, expect, it } from 'vitest';
import { unsafeToSign } from '../../../src/approvals/signing/signing-place.ts';

describe('a place to unlock a key in', () => {
  it.for([
    'NODE_OPTIONS',
    'NODE_PATH',
    'NODE_REPL_EXTERNAL_MODULE',
    'ELECTRON_RUN_AS_NODE',
    'LD_PRELOAD',
    'LD_AUDIT',
    'DYLD_INSERT_LIBRARIES',
  ])('is none while %s is set: the sentence says to unset it', (name) => {
    expect(unsafeToSign({ [name]: 'x' }, [])).toContain(`unset ${name}`);
  });

  it.for(['--inspect', '--require=/x.js', '--import=/x.mjs'])('is none under node %s', (option) => {
    expect(unsafeToSign({}, [option])).toContain(option);
  });

  it('is one otherwise, also where a variable is there and empty', () => {
    expect(unsafeToSign({ NODE_OPTIONS: '', PATH: '/bin' }, [])).toBeUndefined();
  });
});
