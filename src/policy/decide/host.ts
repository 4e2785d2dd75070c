import { NotEvaluable } from './json-values.ts';

/** No user name, no percent sign, nothing that one reader takes for another part than the next reader does. */
const URL_HEAD =
  /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?=[/?#]|$)/;
const ODD = /[\s\0-\x1f\x7f\\]/;

/**
 * The host of a URL, in lower case, without a final dot. Throws a NotEvaluable for anything that readers of URLs
 * disagree about: a user name, a backslash, white space, percent signs or letters beyond ASCII in the host.
 */
export function host(url: string): string {
  const [, name] = ODD.test(url) ? [] : (URL_HEAD.exec(url) ?? []);
  if (name === undefined)
    throw new NotEvaluable('host(): this is not a plain URL such as https://example.com/x');
  return name.toLowerCase().replace(/\.$/, '');
}
