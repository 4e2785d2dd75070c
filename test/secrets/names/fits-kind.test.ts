import { describe, expect, it } from 'vitest';
import { recorded } from '../../support/recorded.ts';

describe('what stands under the name of a secret and is none stays readable', () => {
  it.each<[string, object]>([
    ['a few crosses behind a prefix', { content: 'STRIPE_KEY=sk_live_xxx\nHOOK=whsec_xxx\nTOKEN=xxxx\n' }],
    ['the example of a manual', { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
    ['its secret', { SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }],
    ['a word in brackets for one that was taken out', { password: '[REDACTED]', token: '(masked)' }],
    ['a complaint', { errors: { password: 'is required' } }],
    ['a longer complaint', { password: 'must be at least eight letters' }],
    ['a complaint with a mark', { password: "can't be blank" }],
    ['a label in French', { secret: 'Clé secrète' }],
    ['a label with brackets', { password: 'パスワード(確認)' }],
    ['a label in two scripts', { apiKey: 'APIキー' }],
    ['a label with brackets in German', { password: 'Kennwort (wiederholen)' }],
    ['what a search looks for', { pattern: 'password|secret|api_key' }],
    ['the subject of a token', { sub: 'NsxuACbpJ9N7Ix96aWrYxHX-EZ4' }],
    ['the name of a store’s entry', { SecretId: 'arn:aws:secretsmanager:eu-west-1:1234:secret:a/b-Qw12Er' }],
    [
      'the same in a command',
      { command: 'terraform import x.secret arn:aws:secretsmanager:us-east-1:1:secret:x-Ab12' },
    ],
    ['an expression of sed', { command: "sed -i 's/TOKEN=.*/TOKEN=changeme/' .env" }],
    ['another one', { command: "sed -E 's/password=[^&]*/password=***/' log" }],
    ['true and false of small code', { content: 'e={password:!1,token:!0,n:function(e){return 1}}' }],
    ['a cookie to be filled in', { content: 'Set-Cookie: __Host-sid=<session-id>; Secure' }],
    ['a place of a document', { Cookie: '/api/Cookies.html#cookie' }],
    ['the anchor of a file', { url: 'https://git.example/src/password.ts#L10-L20' }],
    [
      'a sum of a module',
      { content: `example.com/x/passwd v1.3.0 h1:${'ULqBn46J8pcM0WRy'.repeat(2)}flUS64=\n` },
    ],
    ['prose behind a colon', { text: 'Secrets: read them and never write them back' }],
    ['prose behind a passphrase', { text: 'asked for a passphrase: then answers are not signed.' }],
    ['what is said of passwords', { text: 'Passwords are hashed with Argon2id.' }],
    ['a verb', { text: 'Pass a pointer to the Base64-encoded key.' }],
    ['an id of content', { command: 'ipfs pin add QmYwAPJzv5CZsnAzt8auVZRn7sXqQ8zRkSmQNq3sGkU3mP' }],
    ['an address of a chain', { command: 'solana balance 7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU' }],
    [
      'source code about logins',
      { path: 'Credentials.java', content: 'if (a) {\n  fooBar1(b);\n  return x9yz#;\n}' },
    ],
    ['where a password is, in a table', { content: '"Title","Password"\n"a","see 1Password"\n' }],
    ['an application’s number', { appid: '730', app: { appid: 'wx1234567890abcdef' } }],
    ['the number of what a service calls a token', { budget_token: 'bdgt_item_123' }],
    ['a short beginning before stars', { api_key: 'sk-ab12****' }],
    ['the same in a header', { content: '"Authorization": "Bearer ntn_****"' }],
    ['a complaint of another kind', { password: 'is not secure enough' }],
    ['a comparison', { pin: 'must differ from username' }],
    ['what a password is for', { text: 'username and password to authenticate to host' }],
    ['a hash to be filled in', { content: 'password_hash: $2b$12$placeholderplaceholder' }],
    ['a pass of another kind', { email: 'kim@a.example', pass: 'weekend' }],
    [
      'a sum in which letters of a name stand',
      { content: 'x.example/t v0.8.0/go.mod h1:pPskH00ivmX89bAKVGSKKtLOWNx2+17Eiy94tnKShWo=' },
    ],
    ['where the key of a network is', { note: 'WiFi key: whiteboard in the kitchen' }],
  ])('%s', (_, args) => {
    expect(recorded(args)).not.toContain('[masked');
  });

  it.each<[string, object, string]>([
    ['a phrase of words', { passphrase: 'meadow kettle orbit lantern' }, 'kettle'],
    ['a phrase without quotes', { text: 'passphrase: meadow kettle orbit lantern saddle' }, 'kettle'],
    ['what sed writes', { command: "sed -i 's/^PASSWORD=.*/PASSWORD=Kx7trober/' .env" }, 'Kx7trober'],
    ['the key of a service', { content: 'deepl_key = aKf7-of-words' }, 'aKf7'],
    ['an aside', { text: 'Log in as kim (pw Harbour.Blue.9), then pay' }, 'Harbour'],
    [
      'a file of logins',
      { path: 'auth/passwd.txt', content: 'kim Kx7tr!ober\nada Zw3!kfpq81\n' },
      'Zw3!kfpq81',
    ],
    ['words of two styles around such a word', { SECRET_KEY: 'mild-secret-plum-Cake' }, 'plum'],
    ['a sentence without its blanks', { content: 'secret_key: ThisIsOurSigningKeyOfPlums' }, 'Plums'],
    ['what only begins like a complaint', { password: 'missing plums dance' }, 'plums'],
    ['what only ends like an example', { content: 'DB_PASSWORD=Plum7trEXAMPLE' }, 'Plum7'],
    ['what only ends in stars', { password: 'Plumtree2024****' }, 'Plumtree'],
    [
      'a phrase with a word that joins others',
      { content: 'BACKUP_PASSPHRASE=plum under the old tree\n' },
      'plum',
    ],
    ['words that an application gets', { content: 'MAIL_PASS=qzpv rmxk tbwa hjds\n' }, 'rmxk'],
    ['a short name beside a login', { host: 'h', user: 'kim', pass: 'ftp-Plum-Cake' }, 'Plum'],
    [
      'a token for a new password',
      { sql: "… WHERE reset_token = '0fa7ab48243851a2d83b6f705b5664cf'" },
      '0fa7ab',
    ],
    ['three digits of a card', { element: 'CVC / security code', text: '914' }, '914'],
    ['three digits behind a longer label', { label: 'Security code', value: '915' }, '915'],
    ['the key below a name of tokens', { content: '"Jwt": {\n  "Key": "plums and cake!"' }, 'plums'],
    ['the same in JSON', { Jwt: { Issuer: 'x', Key: 'ThisIsOurSigningKeyOfPlums!' } }, 'Plums'],
    ['the key of a network', { text: 'WLAN-Schlüssel Keller: 73918264550192837465' }, '73918'],
    ['a cookie beside one to be filled in', { content: 'Cookie: a=<id>; sid=Kx7trober81' }, 'Kx7trober81'],
  ])('but not %s', (_, args, secret) => {
    expect(recorded(args)).not.toContain(secret);
  });
});
