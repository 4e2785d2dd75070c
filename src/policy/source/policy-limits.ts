/** Deeper than any policy needs, and far from where a parser that recurses runs out of stack. */
export const MAX_NESTING = 64;
/** Keys, list items, commas, brackets and quotes of a whole text: parsers take some microseconds for each. */
export const MOST_ENTRIES = 30_000;
/** Pieces of a text in YAML, comments and line ends with them. */
export const MOST_TOKENS = 80_000;
/** Items of deny, escalate and allow together. */
export const MOST_ITEMS = 5_000;
/** So many mistakes are told of at once; to find the place of each takes a walk through the text. */
export const MOST_PROBLEMS = 100;

/** `toLocaleString` would load ICU at every start: 10 ms. */
const thousands = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

export const TOO_DEEP = `The file is nested more than ${MAX_NESTING} deep; no policy needs that.`;
export const TOO_MANY_ENTRIES = `The file has more than ${thousands(MOST_ENTRIES)} keys and list items; no policy needs that.`;
export const SEVERAL_DOCUMENTS = 'This file holds several YAML documents; a policy is one.';
export const TOO_MANY_TOKENS = `The file has more than ${thousands(MOST_TOKENS)} words, marks and line ends; no policy needs that.`;
export const TOO_MANY_ITEMS = `The policy has more than ${thousands(MOST_ITEMS)} items in deny, escalate and allow together. Write patterns instead of names.`;
