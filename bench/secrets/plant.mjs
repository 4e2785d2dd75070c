/** Every kind of secret in every carrier, split by kind into what detectors were tuned on and what was held out. */
import * as planted from './planted.mjs';

const { TOKENS, RANDOM, HEXES, PASSWORDS, NAMES, NAMED, BARE, FORMATTED, PLACED, COOKIES, CODES } = planted;

/** By name, so that a kind stays in its part. */
function partOf(name) {
  let sum = 7;
  for (const letter of name) sum = (Math.imul(sum, 31) + letter.codePointAt(0)) >>> 0;
  return sum % 5 < 2 ? 'heldout' : 'tuned';
}

const sourceOf = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
/** Of a secret, what must be nowhere: a wrapped one is another text. */
const shown = (source, secret) => (source.includes(JSON.stringify(secret).slice(1, -1)) ? secret : null);

/** `{kind, part, source, secret}`; null: something must have been masked. */
export function plantedSecrets(l) {
  const all = [];
  const add = (kind, part, value, secret) => {
    const source = sourceOf(value);
    all.push({ kind, part, source, secret: shown(source, secret) });
  };
  const names = Object.values(NAMES).flat();
  for (const [carrier, plant] of Object.entries(NAMED))
    for (const name of names) {
      if (/^(?:xml|html|plist|headerT|headerC)/.test(carrier) && /[^\w.-]/.test(name)) continue;
      const secret = l.pick(Object.values(PASSWORDS))(l);
      add(`named ${carrier}`, partOf(`${carrier}`), plant(name, secret, l), secret);
    }
  for (const [kind, make] of Object.entries(TOKENS))
    for (const [carrier, plant] of [...Object.entries(BARE), ...Object.entries(FORMATTED)]) {
      const token = make(l);
      if (/[\s$/]/.test(token) && /glued|userinfo|inPath|key/i.test(carrier)) continue;
      if (/^(?:cloudflareCa|lob|jwt|jwe|paseto)/.test(kind) && /glued/.test(carrier)) continue;
      add(`token ${kind} ${carrier}`, partOf(kind), plant(token), token);
    }
  for (const [kind, make] of Object.entries(RANDOM))
    for (const [carrier, plant] of Object.entries(BARE)) {
      for (let n = 0; n < 3; n += 1) {
        const token = make(l);
        add(`random ${kind} ${carrier}`, partOf(carrier), plant(token), token);
      }
    }
  for (const [kind, make] of Object.entries(HEXES)) {
    for (const carrier of ['alone', 'note']) {
      const token = make(l);
      add(`hex ${kind} ${carrier}`, 'tuned', BARE[carrier](token), token);
    }
    for (const carrier of ['member', 'dotenv', 'headerPairs', 'yamlNested', 'query']) {
      const token = make(l);
      add(`hex named ${carrier}`, 'tuned', NAMED[carrier]('api_key', token), token);
    }
  }
  for (const [carrier, plant] of Object.entries(PLACED))
    for (const make of Object.values(PASSWORDS)) {
      const secret = make(l);
      add(
        `placed ${carrier}`,
        partOf(carrier),
        plant(secret),
        /base|npmAuth|dockerConfig/.test(carrier) ? Buffer.from(`ada:${secret}`).toString('base64') : secret,
      );
    }
  for (const [carrier, plant] of Object.entries(COOKIES)) {
    const secret = l.hex(40);
    add(`cookie ${carrier}`, partOf(`c${carrier}`), plant(secret), secret);
  }
  for (const [kind, make] of Object.entries(CODES)) add(`code ${kind}`, partOf(kind), make(l)[0], null);
  return all;
}
