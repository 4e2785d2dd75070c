/**
 * Loops over sixteen bytes at a time, which JavaScript cannot have: WebAssembly of our own, written down instruction by
 * instruction. No imports: the code reaches its memory and nothing else.
 */

import {
  add,
  all,
  and,
  atLeastU,
  belowBytes,
  block,
  bothBits,
  byteAt,
  type Code,
  eitherBits,
  eq,
  get,
  greaterU,
  highNibbles,
  I32,
  int,
  isZero,
  leave,
  leaveIf,
  lessU,
  load16,
  loop,
  name,
  or,
  sameBytes,
  section,
  set,
  shl,
  shrU,
  simd,
  splat,
  store,
  sub,
  swizzle,
  times,
  trailingZeros,
  unsigned,
  V128,
  when,
  whichBytes,
  xor,
} from './wasm.ts';

/** What `string` leaves behind: by how many bytes its text is shorter than its source, and whether it is odd. */
export const SHRINKS_AT = 0;
export const ODD_AT = 4;
/** 256 bytes, by the byte behind a backslash: 1 as JSON.stringify escapes, 2 a slash, 3 `u`; 4: a hex digit. */
export const ESCAPES_AT = 64;
/** Two times 16 bytes: a byte is a mark when those of its two halves have a bit in common. */
export const MARKS_AT = 320;
/** 8 KiB: by a mark, a bit for each byte that may follow it. */
export const FOLLOWS_AT = 512;
/** The same of bytes behind which it is a word already. */
export const SHORT_AT = FOLLOWS_AT + 8192;
/** The same of bytes before it. */
export const BEFORE_AT = SHORT_AT + 8192;
export const BEFORE_SHORT_AT = BEFORE_AT + 8192;
/** 8 KiB: a bit for each hash of a mark and three bytes. */
export const HASHES_AT = BEFORE_SHORT_AT + 8192;
/** 256 bytes: letters in lower case, what is left out of a word as 1. */
export const FOLDED_AT = HASHES_AT + 8192;
export const TEXT_AT = FOLDED_AT + 256;
export const TEXT_BYTES = 64 * 1024;
/** Of the hash: each byte is mixed in by this. */
export const HASH_STEP = 31;
export const HASH_BITS = 0xffff;
/** Where the hash of what stands before a mark begins. */
export const HASH_BEFORE = 7919;
/** No escape is longer. */
const ESCAPE_BYTES = 6;
const BLOCK_BYTES = 16;
const PAGE = 64 * 1024;

const [AT, END, BASE, MASK, BYTE, ODD, SHRINKS, PLACE, NEAR, SKIPPED, BLOCK] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
];
const BACKSLASH = 0x5c;

/**
 * For each byte of the class, in order: PLACE and BYTE are set and `look` is done, which leaves by 2 to end and by 0 to
 * go on. Behind all of them AT is END, or behind the escape that END cuts.
 */
function eachOf(isOne: Code, look: Code): Code {
  return all(
    blocks(isOne, look),
    when(
      greaterU(get(AT), get(END)),
      set(AT, get(END)),
      // An escape that the end cuts is not begun anew in its middle.
      when(greaterU(get(SKIPPED), get(END)), set(AT, get(SKIPPED))),
    ),
  );
}

function blocks(isOne: Code, look: Code): Code {
  return block(
    loop(
      leaveIf(1, atLeastU(get(AT), get(END))),
      set(BLOCK, load16(get(AT))),
      set(MASK, whichBytes(isOne)),
      // Bytes behind the end are none of ours.
      when(
        lessU(sub(get(END), get(AT)), int(BLOCK_BYTES)),
        set(MASK, and(get(MASK), sub(shl(int(1), sub(get(END), get(AT))), int(1)))),
      ),
      set(BASE, get(AT)),
      set(AT, add(get(AT), int(BLOCK_BYTES))),
      loop(
        leaveIf(1, isZero(get(MASK))),
        set(PLACE, add(get(BASE), trailingZeros(get(MASK)))),
        set(MASK, and(get(MASK), sub(get(MASK), int(1)))),
        set(BYTE, byteAt(get(PLACE))),
        look,
        leave(0),
      ),
    ),
  );
}

/** Ends at the place in hand. */
const stop = (depth: number): Code => all(set(AT, get(PLACE)), leave(depth));
/** Goes on behind so many bytes, which may be in the next block. */
const behind = (bytes: number): Code =>
  all(
    set(SKIPPED, add(get(PLACE), int(bytes))),
    when(greaterU(get(SKIPPED), get(AT)), set(AT, get(SKIPPED))),
    set(MASK, and(get(MASK), xor(shl(int(1), add(sub(get(PLACE), get(BASE)), int(1))), int(-1)))),
  );
const isHex = (offset: number): Code => and(byteAt(byteAt(get(PLACE), offset), ESCAPES_AT), int(4));

/**
 * string(at, end): from inside a string to its closing quote, or to what needs a closer look (a control, an escape
 * that JSON does not know or that the end cuts), or to the end.
 */
const STRING: Code = all(
  eachOf(
    eitherBits(
      eitherBits(sameBytes(get(BLOCK), splat(0x22)), sameBytes(get(BLOCK), splat(BACKSLASH))),
      belowBytes(get(BLOCK), splat(0x20)),
    ),
    all(
      when(isZero(eq(get(BYTE), int(BACKSLASH))), stop(3)),
      when(greaterU(add(get(PLACE), int(ESCAPE_BYTES)), get(END)), stop(3)),
      set(BYTE, and(byteAt(byteAt(get(PLACE), 1), ESCAPES_AT), int(3))),
      when(eq(get(BYTE), int(1)), set(SHRINKS, add(get(SHRINKS), int(1))), behind(2), leave(1)),
      when(isZero(get(BYTE)), stop(3)),
      when(eq(get(BYTE), int(2)), set(ODD, int(1)), behind(2), leave(1)),
      when(isZero(and(and(isHex(2), isHex(3)), and(isHex(4), isHex(5)))), stop(3)),
      set(ODD, int(1)),
      behind(ESCAPE_BYTES),
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

const folded = (place: Code): Code => byteAt(byteAt(place), FOLDED_AT);
const mixed = (hash: Code, byte: Code): Code => add(times(hash, int(HASH_STEP)), byte);

/** Whether the three bytes in that direction make, with the mark, the beginning of a word. */
function isHashed(first: number, step: number): Code {
  const from = (count: number): Code => folded(add(get(step > 0 ? NEAR : PLACE), int(step * count)));
  const hash = mixed(mixed(mixed(add(get(BYTE), int(first)), from(1)), from(2)), from(3));
  const bits = and(hash, int(HASH_BITS));
  return and(shrU(byteAt(shrU(bits, int(3)), HASHES_AT), and(bits, int(7))), int(1));
}

const FIRST = byteAt(get(NEAR), 1);
const LAST = byteAt(sub(get(PLACE), int(1)));
/** The letter before the mark belongs to an escape (`\\n/`): a backslash alone stands before it. */
const AFTER_ESCAPE = and(
  eq(byteAt(sub(get(PLACE), int(2))), int(BACKSLASH)),
  isZero(eq(byteAt(sub(get(PLACE), int(3))), int(BACKSLASH))),
);
/** The escapes of ", b, f, n, r and t hide nothing: 1 in the table, but for the backslash. */
const PLAIN_ESCAPE = and(
  eq(and(byteAt(FIRST, ESCAPES_AT), int(3)), int(1)),
  isZero(eq(FIRST, int(BACKSLASH))),
);

const inBlock = sub(get(NEAR), get(BASE));
/** A run of what is left out of words is one mark: NEAR goes to its last byte, and the next look behind it. */
const RUN: Code = all(
  loop(
    when(
      and(eq(byteAt(get(NEAR)), int(BACKSLASH)), or(eq(FIRST, int(BACKSLASH)), eq(FIRST, int(0x22)))),
      set(NEAR, add(get(NEAR), int(2))),
      leave(1),
    ),
    when(eq(byteAt(get(NEAR)), int(0x27)), set(NEAR, add(get(NEAR), int(1))), leave(1)),
  ),
  set(SKIPPED, get(NEAR)),
  when(greaterU(get(NEAR), get(AT)), set(AT, get(NEAR))),
  // Those of the run are no marks of their own: where it ends behind the block, none is left.
  when(lessU(inBlock, int(BLOCK_BYTES)), set(MASK, and(get(MASK), shl(int(-1), inBlock)))),
  when(atLeastU(inBlock, int(BLOCK_BYTES)), set(MASK, int(0))),
  set(NEAR, sub(get(NEAR), int(1))),
);

/** mark(at, end): to the next mark that may belong to a word, or to the end. Bytes before and behind are looked at. */
const MARK: Code = all(
  eachOf(
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
    all(
      set(NEAR, get(PLACE)),
      when(
        eq(get(BYTE), int(BACKSLASH)),
        when(PLAIN_ESCAPE, behind(2), leave(2)),
        when(isZero(eq(FIRST, int(BACKSLASH))), stop(4)),
        RUN,
      ),
      when(hasBit(FOLLOWS_AT, FIRST), when(or(hasBit(SHORT_AT, FIRST), isHashed(0, 1)), stop(4))),
      when(
        and(hasBit(BEFORE_AT, LAST), isZero(AFTER_ESCAPE)),
        when(or(hasBit(BEFORE_SHORT_AT, LAST), isHashed(HASH_BEFORE, -1)), stop(4)),
      ),
    ),
  ),
  get(AT),
);

function functionBody(code: Code): Code {
  // BASE to SKIPPED; BLOCK.
  const body = all([2, 8, I32, 1, V128], code, [0x0b]);
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
