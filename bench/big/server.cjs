// Reads lines of any length without keeping them, answers each by its id, and lists or returns as much as it is told:
// node server.cjs BYTES UNIT
const bytes = Number(process.argv[2] ?? 0);
const unit = JSON.parse(`"${process.argv[3] ?? 'x'}"`);
const big = unit.repeat(
  Math.max(1, Math.floor(bytes / Buffer.byteLength(JSON.stringify(unit).slice(1, -1)))),
);
const text = { type: 'text', text: big };
const tools = [{ name: 'write', description: big, inputSchema: { type: 'object' } }];
let head = '';
process.stdin.on('data', (chunk) => {
  let start = 0;
  for (let lf = chunk.indexOf(10); lf !== -1; lf = chunk.indexOf(10, start)) {
    if (head.length < 200) head += chunk.toString('latin1', start, Math.min(lf, start + 200));
    const id = /"id":(\d+)/.exec(head)?.[1];
    const result = head.includes('tools/list')
      ? { tools }
      : { content: head.includes('"big"') ? [text] : [] };
    if (id !== undefined)
      process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}\n`);
    head = '';
    start = lf + 1;
  }
  if (head.length < 200) head += chunk.toString('latin1', start, start + 200);
});
process.stdin.on('end', () => process.exit(0));
