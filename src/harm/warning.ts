/** A sentence about a call, said before its text. */
export interface Warning {
  text: string;
  tone: 'danger' | 'warn' | 'note';
}
