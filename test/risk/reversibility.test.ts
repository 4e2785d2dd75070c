import { describe, expect, it } from 'vitest';
import { classify } from '../../src/risk/classify.ts';
import { reversibilityOf } from '../../src/risk/reversibility.ts';

const of = (name: string, description = '') => {
  const tool = { name, description };
  return reversibilityOf(tool, classify(tool));
};

describe('whether a deed can be taken back', () => {
  it.for([
    ['get_user', 'Get a user.', 'reversible'],
    ['create_tag', 'Create a tag.', 'reversible'],
    ['update_record', 'Update a record.', 'hard'],
    ['delete_user', 'Delete a user.', 'irreversible'],
    ['send_email', 'Send an email.', 'irreversible'],
    ['run_command', 'Run a shell command.', 'unknown'],
    ['frobnicate', 'Frobnicates.', 'unknown'],
  ] as const)('%s: %s', ([name, description, is]) => expect(of(name, description).answer).toBe(is));

  it('the reason names the word that decided', () => {
    expect(of('delete_user', 'Delete a user.').why).toBe('name: "delete"');
    expect(of('archive_user', 'Archives a user. This cannot be undone.').why).toBe(
      'description: "cannot be undone"',
    );
  });

  it('a server that says it can be undone makes hard of irreversible, and nothing reversible', () => {
    expect(of('delete_mail', 'Delete a mail. It can be restored from the trash.').answer).toBe('hard');
    expect(of('update_record', 'Update a record. It can be undone.').answer).toBe('hard');
  });

  it('of a read that is not sure nothing is said', () => {
    expect(of('get_user', 'Get a user. Older ones are discarded.').answer).not.toBe('reversible');
  });
});
