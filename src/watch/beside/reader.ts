/**
 * The thread that reads one file, as source: a thread of its own file would need another path in `dist` than in tests.
 * It looks before it opens, for opening a device may do something; opening never waits for a FIFO's writer; and it looks
 * again at what it opened. Kernel files answer as they like, so none of them is read.
 */
export const READER = `
const fs = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const MOST = 1024 * 1024;
const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0 } = fs.constants;

function wrong(stats) {
  if (stats.isDirectory()) return 'is a folder on this machine.';
  if (!stats.isFile()) return 'is no plain file on this machine, so it is not read.';
  if (stats.size > MOST) return 'is longer than 1 MiB on this machine, so it is not compared.';
  return undefined;
}

function read(path) {
  const real = fs.realpathSync(path);
  if (/^\\/(?:proc|sys|dev)\\//.test(real)) return { why: 'is no plain file on this machine, so it is not read.' };
  const before = wrong(fs.statSync(real));
  if (before !== undefined) return { why: before };
  const file = fs.openSync(real, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  try {
    const after = wrong(fs.fstatSync(file));
    if (after !== undefined) return { why: after };
    const bytes = Buffer.alloc(MOST + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length < bytes.length; length += got)
      got = fs.readSync(file, bytes, length, bytes.length - length, null);
    if (length > MOST) return { why: 'is longer than 1 MiB on this machine, so it is not compared.' };
    const text = bytes.subarray(0, length);
    if (text.includes(0)) return { why: 'is no text on this machine.' };
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text) };
  } finally {
    fs.closeSync(file);
  }
}

function said(path) {
  try {
    return read(path);
  } catch (error) {
    const code = error.code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { why: 'does not exist on this machine: it would be new.' };
    if (code === 'EACCES' || code === 'EPERM') return { why: 'may not be read by you on this machine.' };
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { why: 'is no text on this machine.' };
    return { why: 'could not be read on this machine.' };
  }
}

parentPort.postMessage(said(workerData));
`;
