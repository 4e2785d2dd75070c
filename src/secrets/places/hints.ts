/** By the low five bits of three letters, in either case: which hints may begin with them. */
type Table = Map<number, { hint: string; at: number }[]>;

/** Finds which of several short texts are in a long one: in one pass by hand, for dozens of searches cost more. */
export class Hints {
  private readonly begins = new Uint8Array(1 << 15);
  private readonly table: Table = new Map();
  private readonly all: readonly string[];

  /** Each at least three letters, in small ones. */
  constructor(hints: Iterable<string>) {
    this.all = [...new Set(hints)];
    for (const [at, hint] of this.all.entries()) {
      const [one, two, three] = [0, 1, 2].map((place) => hint.charCodeAt(place) & 31) as [
        number,
        number,
        number,
      ];
      const key = (one << 10) | (two << 5) | three;
      this.begins[key] = 1;
      this.table.set(key, [...(this.table.get(key) ?? []), { hint, at }]);
    }
  }

  /** Where the hints are that a text must have one of. */
  placesOf(hints: readonly string[]): number[] {
    return hints.map((hint) => this.all.indexOf(hint));
  }

  /** By place: 1 for a hint that is in the text. */
  in(text: string): Uint8Array {
    const found = new Uint8Array(this.all.length);
    let three = 0x7fff;
    for (let at = 0; at < text.length; at += 1) {
      three = ((three << 5) | (text.charCodeAt(at) & 31)) & 0x7fff;
      if (this.begins[three] === 0) continue;
      for (const { hint, at: place } of this.table.get(three) ?? [])
        if (found[place] === 0 && isAt(text, at - 2, hint)) found[place] = 1;
    }
    return found;
  }
}

/** Whether a hint stands at a place, in either case. */
function isAt(text: string, start: number, hint: string): boolean {
  if (start < 0 || start + hint.length > text.length) return false;
  for (let at = 0; at < hint.length; at += 1) {
    const code = text.charCodeAt(start + at);
    const small = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if (small !== hint.charCodeAt(at)) return false;
  }
  return true;
}
