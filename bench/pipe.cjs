// The floor: a Node process that only pipes. node bench/pipe.cjs COMMAND ARG...
const { spawn } = require('node:child_process');
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(child.stdin);
child.stdout.pipe(process.stdout);
child.on('exit', (code) => process.exit(code ?? 1));
