// A thread for hashing, which takes a core for as long as it lasts. JavaScript, because node loads it.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const TOLD_EVERY_BYTES = 64 << 20;

const buffer = Buffer.allocUnsafeSlow(1 << 20);
const hash = createHash('sha256');
const file = openSync(workerData.path, 'r');
let bytes = 0;
for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
  hash.update(buffer.subarray(0, read));
  const told = Math.floor(bytes / TOLD_EVERY_BYTES);
  bytes += read;
  if (Math.floor(bytes / TOLD_EVERY_BYTES) > told) parentPort?.postMessage({ bytes });
}
closeSync(file);
parentPort?.postMessage({ bytes, sha256: hash.digest('hex') });
