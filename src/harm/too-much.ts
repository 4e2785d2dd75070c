/** A text is too much to be looked into; the reason goes on after "is shown as it stands: ". */
export class TooMuch extends Error {}
