/**
 * WebAssembly of our own, written down instruction by instruction: loops that look at sixteen bytes at a time, which
 * JavaScript cannot. Opcodes: WebAssembly 2.0, binary format, 5.4. No imports: the code reaches its memory and nothing else.
 */

type Code = readonly number[];

function unsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return last ? [low] : [low | 0x80, ...signed(rest)];
}

const I32 = 0x7f;
const V128 = 0x7b;
const simd = (op: number): Code => [0xfd, ...unsigned(op)];
const all = (...parts: readonly Code[]): Code => parts.flat();

const int = (value: number): Code => [0x41, ...signed(value)];
const get = (local: number): Code => [0x20, local];
const set = (local: number, ...value: readonly Code[]): Code => all(...value, [0x21, local]);
const op =
  (code: number) =>
  (a: Code, b: Code): Code =>
    all(a, b, [code]);
const [eq, lessU, greaterS, greaterU, atLeastU] = [op(0x46), op(0x49), op(0x4a), op(0x4b), op(0x4f)];
const [add, sub, and, or, shl, shrU] = [op(0x6a), op(0x6b), op(0x71), op(0x72), op(0x74), op(0x76)];
const isZero = (a: Code): Code => all(a, [0x45]);
const trailingZeros = (a: Code): Code => all(a, [0x68]);
const byteAt = (place: Code, offset = 0): Code => all(place, [0x2d, 0, ...unsigned(offset)]);
const store = (place: number, value: Code): Code => all(int(place), value, [0x36, 2, 0]);

const block = (...body: readonly Code[]): Code => all([0x02, 0x40], ...body, [0x0b]);
const loop = (...body: readonly Code[]): Code => all([0x03, 0x40], ...body, [0x0b]);
const when = (test: Code, ...body: readonly Code[]): Code => all(test, [0x04, 0x40], ...body, [0x0b]);
const otherwise: Code = [0x05];
const leave = (depth: number): Code => [0x0c, depth];
const leaveIf = (depth: number, test: Code): Code => all(test, [0x0d, depth]);

const load16 = (place: Code): Code => all(place, simd(0x00), [0, 0]);
const splat = (byte: number): Code => all(int(byte), simd(0x0f));
const vector =
  (code: number) =>
  (a: Code, b: Code): Code =>
    all(a, b, simd(code));
const [sameBytes, belowBytes, eitherBits, bothBits, swizzle] = [0x23, 0x26, 0x50, 0x4e, 0x0e].map(vector) as [
  ReturnType<typeof vector>,
  ReturnType<typeof vector>,
  ReturnType<typeof vector>,
  ReturnType<typeof vector>,
  ReturnType<typeof vector>,
];
const highNibbles = (a: Code): Code => all(a, int(4), simd(0x6d));
const whichBytes = (a: Code): Code => all(a, simd(0x64));

/** What `string` leaves behind: by how many bytes its text is shorter than its source, and whether it is odd. */
export const SHRINKS_AT = 0;
export const ODD_AT = 4;
/** 256 bytes, by the byte behind a backslash: 1 as JSON.stringify escapes, 2 a slash, 3 `u`; 4: a hex digit. */
export const ESCAPES_AT = 64;
/** Two times 16 bytes: a byte is a mark when those of its two halves have a bit in common. */
export const MARKS_AT = 320;
/** Three times 8 KiB: by a mark, a bit for each byte that may follow it, follow that, and follow that. */
export const FOLLOWS_AT = 512;
/** 8 KiB: by a mark, a bit for each byte that may stand before it. */
export const BEFORE_AT = FOLLOWS_AT + 3 * 8192;
export const TEXT_AT = BEFORE_AT + 8192;
export const TEXT_BYTES = 64 * 1024;
/** No escape is longer. */
const ESCAPE_BYTES = 6;
const PAGE = 64 * 1024;

const [AT, END, LAST, MASK, BYTE, ODD, SHRINKS, BLOCK] = [0, 1, 2, 3, 4, 5, 6, 7];
const BACKSLASH = 0x5c;

/** Goes on to the next byte of the class, sixteen at a time; at the end one by one. Labels: 0 goes on, 1 is out. */
function seek(isOne: Code): Code {
  return all(
    when(
      greaterS(get(AT), get(LAST)),
      leaveIf(2, atLeastU(get(AT), get(END))),
      otherwise,
      set(BLOCK, load16(get(AT))),
      set(MASK, whichBytes(isOne)),
      when(isZero(get(MASK)), set(AT, add(get(AT), int(16))), leave(2)),
      set(AT, add(get(AT), trailingZeros(get(MASK)))),
    ),
    set(BYTE, byteAt(get(AT))),
  );
}

const skip = (bytes: number): Code => all(set(AT, add(get(AT), int(bytes))), leave(1));
const isHex = (offset: number): Code => and(byteAt(byteAt(get(AT), offset), ESCAPES_AT), int(4));

/**
 * string(at, end): from inside a string to its closing quote, or to what needs a closer look (a control, an escape
 * that JSON does not know or that the end cuts), or to the end.
 */
const STRING: Code = all(
  set(LAST, sub(get(END), int(16))),
  block(
    loop(
      seek(
        eitherBits(
          eitherBits(sameBytes(get(BLOCK), splat(0x22)), sameBytes(get(BLOCK), splat(BACKSLASH))),
          belowBytes(get(BLOCK), splat(0x20)),
        ),
      ),
      when(
        eq(get(BYTE), int(BACKSLASH)),
        leaveIf(2, greaterU(add(get(AT), int(ESCAPE_BYTES)), get(END))),
        set(BYTE, and(byteAt(byteAt(get(AT), 1), ESCAPES_AT), int(3))),
        when(
          eq(get(BYTE), int(1)),
          set(SHRINKS, add(get(SHRINKS), int(1))),
          set(AT, add(get(AT), int(2))),
          leave(2),
        ),
        leaveIf(2, isZero(get(BYTE))),
        when(eq(get(BYTE), int(2)), set(ODD, int(1)), set(AT, add(get(AT), int(2))), leave(2)),
        leaveIf(2, isZero(and(and(isHex(2), isHex(3)), and(isHex(4), isHex(5))))),
        set(ODD, int(1)),
        skip(ESCAPE_BYTES),
      ),
      leaveIf(1, or(eq(get(BYTE), int(0x22)), lessU(get(BYTE), int(0x20)))),
      set(AT, add(get(AT), int(1))),
      leave(0),
    ),
  ),
  store(SHRINKS_AT, get(SHRINKS)),
  store(ODD_AT, get(ODD)),
  get(AT),
);

/** Whether a table has a bit for a byte of the text, in the row of the mark in BYTE. */
function hasBit(table: number, byte: Code): Code {
  const row = add(shl(get(BYTE), int(5)), shrU(byte, int(3)));
  return and(shrU(byteAt(row, table), and(byte, int(7))), int(1));
}

const FOLLOWED = and(
  and(hasBit(FOLLOWS_AT, byteAt(get(AT), 1)), hasBit(FOLLOWS_AT + 8192, byteAt(get(AT), 2))),
  hasBit(FOLLOWS_AT + 16384, byteAt(get(AT), 3)),
);
const PRECEDED = hasBit(BEFORE_AT, byteAt(sub(get(AT), int(1))));
/** The escapes of ", b, f, n, r and t hide nothing: 1 in the table, but for the backslash. */
const PLAIN_ESCAPE = and(
  eq(and(byteAt(byteAt(get(AT), 1), ESCAPES_AT), int(3)), int(1)),
  isZero(eq(byteAt(get(AT), 1), int(BACKSLASH))),
);

/** mark(at, end): to the next mark that may belong to a word, or to the end. Bytes before and behind are looked at. */
const MARK: Code = all(
  set(LAST, sub(get(END), int(16))),
  block(
    loop(
      seek(
        all(
          sameBytes(
            bothBits(
              swizzle(load16(int(MARKS_AT)), bothBits(get(BLOCK), splat(0x0f))),
              swizzle(load16(int(MARKS_AT + 16)), highNibbles(get(BLOCK))),
            ),
            splat(0),
          ),
          simd(0x4d),
        ),
      ),
      when(
        eq(get(BYTE), int(BACKSLASH)),
        when(PLAIN_ESCAPE, set(AT, add(get(AT), int(2))), leave(2)),
        leave(2),
      ),
      leaveIf(1, FOLLOWED),
      leaveIf(1, PRECEDED),
      set(AT, add(get(AT), int(1))),
      leave(0),
    ),
  ),
  get(AT),
);

function section(id: number, body: Code): Code {
  return [id, ...unsigned(body.length), ...body];
}

const name = (text: string): Code => [text.length, ...[...text].map((one) => one.charCodeAt(0))];

function functionBody(code: Code): Code {
  // LAST, MASK, BYTE, ODD, SHRINKS; BLOCK.
  const body = all([2, 5, I32, 1, V128], code, [0x0b]);
  return all(unsigned(body.length), body);
}

/** The module: `memory`, `string` and `mark`. */
export function simdModule(): Uint8Array {
  const pages = Math.ceil((TEXT_AT + TEXT_BYTES + 16) / PAGE);
  return Uint8Array.from(
    all(
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, [1, 0x60, 2, I32, I32, 1, I32]),
      section(3, [2, 0, 0]),
      section(5, [1, 0, pages]),
      section(7, all([3], name('memory'), [2, 0], name('string'), [0, 0], name('mark'), [0, 1])),
      section(10, all([2], functionBody(STRING), functionBody(MARK))),
    ),
  );
}
