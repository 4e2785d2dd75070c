// Answers every line with its own id and nothing else: what is measured is the way there and back.
let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  let out = '';
  for (const line of lines)
    out += `{"jsonrpc":"2.0","result":{"content":[]},"id":${/"id":(\d+)/.exec(line)?.[1] ?? 0}}\n`;
  if (out !== '') process.stdout.write(out);
});
process.stdin.on('end', () => process.exit(0));
