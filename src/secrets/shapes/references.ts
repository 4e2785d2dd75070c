/** `${TOKEN}`, `<your password>`, `{{secret}}`: a place for a secret is none. */
export function isReference(text: string): boolean {
  return /^(?:(?:[Bb]earer |[Bb]asic |[Tt]oken )?\$\{?\w{1,64}\}?|(?:\w{1,12} )<[^<>]{1,64}>|\{\{[^\n]{1,200}\}\}|\$\{[^{}\n]{1,120}\}|(?:\w{1,12} )?\{\w{1,64}(?:[.[]\w{1,64}\]?){0,3}\}|\$\{[^{}]{1,80}\}|\$\(?env:\w{1,64}\)?|%\w{1,64}%|<[^<>="']{1,64}>|\{\{[^{}]{1,64}\}\}|\$\{\{[^{}]{1,80}\}\}|\*{3,}|env:\w+|\w{1,12} \\\([\w.]{1,64}\)|vault:[\w/.-]+|\[masked [^\]]{1,200}\])$/.test(
    text,
  );
}
