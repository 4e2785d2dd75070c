import { wordsOf } from '../salience/kinds.ts';
import { statementsOf } from './statements.ts';

const MOST_SEARCH = 64 * 1024;
/** Names of what may be a search too: then one of its statements must be plainly one. */
const ASKS = /^(?:query|queries|q|stmt|request|input|body)$/;
const VERBS =
  /\b(?:select|insert|update|delete|drop|alter|create|truncate|grant|exec|execute|call|pragma|attach|copy|do|with|merge)\b/i;
const PLAINLY =
  /^(?:select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|(?:drop|alter|create)\s+(?:or\s+replace\s+|temp\w*\s+)?(?:table|database|schema|view|index|user|role|function|procedure|trigger|extension)\b|truncate\s+\w|grant\s+\w+\s+(?:on|to)\s|exec(?:ute)?\s+\S|call\s+\w+\s*\(|pragma\s+\w|attach\s|copy\s|do\s+\$|with\s+\w+\s+as\s*\(|merge\s+into\s|explain\s+(?:\([^()]{0,100}\)\s*|analy[sz]e\s+|verbose\s+){1,3}(?:select|insert|update|delete|merge|with)\s)/i;

/** Whether a value of that name may be a statement, though it may be words to search for as well. */
export function mayAsk(path: readonly string[]): boolean {
  return ASKS.test(wordsOf(path.at(-1) ?? '').at(-1) ?? '');
}

/** Whether a statement's code, without comments, is plainly one and no sentence. */
export function isPlainly(code: string): boolean {
  return PLAINLY.test(code.replace(/^[\s(;]+/, ''));
}

/** Whether one of a text's statements is plainly one. A text that is too long to tell, but has their words, may be. */
export function holdsStatement(text: string): boolean {
  if (!VERBS.test(text)) return false;
  if (text.length > MOST_SEARCH) return true;
  const { statements, code } = statementsOf(text);
  return statements.some(({ from, to }) => isPlainly(code.slice(from, to)));
}
