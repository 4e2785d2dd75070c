import { NotEvaluable } from './json-values.ts';

/** No user name, no percent sign, nothing that one reader takes for another part than the next reader does. */
const URL_HEAD =
  /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?=[/?#]|$)/;
const ODD = /[\s\0-\x1f\x7f\\]/;
/** A last label of digits makes an address of a name, and only one spelling of those is read alike by all. */
const NUMBER_LAST = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/;
const ADDRESS = /^(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})$/;

/**
 * The host of a URL, in lower case, without final dots. Throws a NotEvaluable for anything that readers of URLs
 * disagree about: a user name, a backslash, white space, percent signs or letters beyond ASCII in the host, an empty
 * label, an address in another spelling than `127.0.0.1`.
 */
export function host(url: string): string {
  const [, name] = ODD.test(url) ? [] : (URL_HEAD.exec(url) ?? []);
  if (name === undefined)
    throw new NotEvaluable('host(): this is not a plain URL such as https://example.com/x');
  const plain = withoutDots(name.toLowerCase());
  if (plain === '' || plain.startsWith('.') || plain.includes('..'))
    throw new NotEvaluable('host(): the host has an empty part');
  if (NUMBER_LAST.test(plain) && !ADDRESS.test(plain))
    throw new NotEvaluable('host(): the host is a number that readers take for different addresses');
  return plain;
}

function withoutDots(name: string): string {
  let end = name.length;
  while (name.charAt(end - 1) === '.') end -= 1;
  return name.slice(0, end);
}
