/** One stretch of bytes made of several; `size` is their sum. */
export type Join = (parts: readonly Uint8Array[], size: number) => Uint8Array;

export const joined: Join = (parts, size) => {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
