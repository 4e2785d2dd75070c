/** RFC 9110, 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether a header can be called so. */
export function isHeaderName(text: string): boolean {
  return HEADER_NAME.test(text);
}

/** Whether a host is this very machine: plain http is for these alone. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** A server as it is called in everything that is kept or said: nothing of its address that may be a secret. */
export function serverOf({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
