import { describe, expect, it } from 'vitest';
import { recorded } from '../../support/recorded.ts';

const P = 'Qx7!marlin-Tor';

describe('a password before the word for it is masked', () => {
  it.each<[string, object]>([
    ['that a sentence says it is', { text: `${P} is the new password for the wiki.` }],
    ['that a sentence tells to use', { text: `Use ${P} as the password.` }],
    ['in German, at the text’s end', { text: `${P} ist das neue Passwort` }],
    ['in French', { text: `${P} est le mot de passe du wifi` }],
    ['in Spanish', { text: `${P} es la contraseña nueva.` }],
    ['in quotes', { text: `"${P}" is your password, kim.` }],
    ['with the word in brackets', { text: `${P} (password)` }],
    ['with a remark of a shell', { code: `send '${P}' # password of the test account` }],
    ['with a remark of a program', { code: `tty.write("${P}"); // root password` }],
    ['with a remark of SQL', { code: `call open_box('${P}') -- password` }],
    ['that is typed, with a remark', { command: `adb shell input text ${P} # my password` }],
  ])('%s', (_, args) => {
    expect(recorded(args)).not.toContain(P);
  });

  it.each<[string, object]>([
    ['the name of an algorithm', { text: 'Argon2id is the default password hash.' }],
    ['a name of code', { code: "const label = 'form.field2'; // password" }],
    ['a module', { code: "import form from './password-form2'; // the password form" }],
    ['a selector', { code: "page.get('#email2') // the password field" }],
    ['a chapter', { text: 'See Chapter-12 (password)' }],
    ['an address', { text: 'https://id.example/Reset1 is the password page' }],
  ])('but not %s', (_, args) => {
    expect(recorded(args)).not.toContain('[masked');
  });
});
