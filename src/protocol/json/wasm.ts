/**
 * Instructions of WebAssembly as the bytes that they are, so that a program can be written down in TypeScript. Opcodes:
 * WebAssembly 2.0, binary format, 5.4.
 */

export type Code = readonly number[];

export function unsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return last ? [low] : [low | 0x80, ...signed(rest)];
}

export const I32 = 0x7f;
export const V128 = 0x7b;
export const simd = (op: number): Code => [0xfd, ...unsigned(op)];
export const all = (...parts: readonly Code[]): Code => parts.flat();

export const int = (value: number): Code => [0x41, ...signed(value)];
export const get = (local: number): Code => [0x20, local];
export const set = (local: number, ...value: readonly Code[]): Code => all(...value, [0x21, local]);
const op =
  (code: number) =>
  (a: Code, b: Code): Code =>
    all(a, b, [code]);
export const [eq, lessU, greaterU, atLeastU] = [op(0x46), op(0x49), op(0x4b), op(0x4f)];
export const [add, sub, times] = [op(0x6a), op(0x6b), op(0x6c)];
export const [and, or, xor, shl, shrU] = [op(0x71), op(0x72), op(0x73), op(0x74), op(0x76)];
export const isZero = (a: Code): Code => all(a, [0x45]);
export const trailingZeros = (a: Code): Code => all(a, [0x68]);
export const byteAt = (place: Code, offset = 0): Code => all(place, [0x2d, 0, ...unsigned(offset)]);
export const store = (place: number, value: Code): Code => all(int(place), value, [0x36, 2, 0]);

export const block = (...body: readonly Code[]): Code => all([0x02, 0x40], ...body, [0x0b]);
export const loop = (...body: readonly Code[]): Code => all([0x03, 0x40], ...body, [0x0b]);
export const when = (test: Code, ...body: readonly Code[]): Code => all(test, [0x04, 0x40], ...body, [0x0b]);
export const leave = (depth: number): Code => [0x0c, depth];
export const leaveIf = (depth: number, test: Code): Code => all(test, [0x0d, depth]);

export const load16 = (place: Code): Code => all(place, simd(0x00), [0, 0]);
export const splat = (byte: number): Code => all(int(byte), simd(0x0f));
const vector =
  (code: number) =>
  (a: Code, b: Code): Code =>
    all(a, b, simd(code));
export const [sameBytes, belowBytes, eitherBits, bothBits, swizzle] = [0x23, 0x26, 0x50, 0x4e, 0x0e].map(
  vector,
) as [
  ReturnType<typeof vector>,
  ReturnType<typeof vector>,
  ReturnType<typeof vector>,
  ReturnType<typeof vector>,
  ReturnType<typeof vector>,
];
export const highNibbles = (a: Code): Code => all(a, int(4), simd(0x6d));
export const whichBytes = (a: Code): Code => all(a, simd(0x64));

export function section(id: number, body: Code): Code {
  return [id, ...unsigned(body.length), ...body];
}

export const name = (text: string): Code => [text.length, ...[...text].map((one) => one.charCodeAt(0))];
