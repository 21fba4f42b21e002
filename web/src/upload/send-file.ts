import { missingParts, partRange } from '../../../core/upload/plan-parts.ts';
import { Refused } from '../api/refused.ts';
import { type Persistence, persist } from './persist.ts';
import { sendPart } from './send-part.ts';
import type { Slots } from './slots.ts';
import type { BegunUpload, SendPorts } from './upload-ports.ts';

type FileToSend = Persistence & {
  readonly begun: BegunUpload;
  readonly file: Blob;
  /** How many parts are sent at once, over all files. */
  readonly lines: Slots;
  /** All bytes that are there: of parts that had arrived before, of those that arrive now, and on the way. */
  onBytes(bytes: number): void;
};

/**
 * Sends what the API does not have of a file, and completes the upload. It can be ended by the signal at any time and
 * called again: parts that have arrived whole are not sent again.
 */
export async function sendFile(task: FileToSend, ports: SendPorts): Promise<void> {
  const { begun, file, signal, lines } = task;
  if (file.size !== begun.bytes) throw changed(file.size, begun.bytes);
  const there = await persist(() => ports.partsOf(begun.upload), task, ports);
  const missing = missingParts(begun, there);
  const lacking = new Set(missing);
  const arrived = there.filter(({ number }) => !lacking.has(number));
  const checksums = new Map(arrived.map(({ number, checksum }) => [number, checksum]));
  const bytes = new Map(arrived.map((part) => [part.number, part.bytes]));
  let total = arrived.reduce((sum, part) => sum + part.bytes, 0);
  task.onBytes(total);
  // The first part that fails for good ends the others, whose attempts would be in vain.
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const send = async (number: number) => {
    either.throwIfAborted();
    const { start, end } = partRange(begun, number);
    const onSent = (sent: number) => {
      total += sent - (bytes.get(number) ?? 0);
      bytes.set(number, sent);
      task.onBytes(total);
    };
    const { upload } = begun;
    const { onTrouble } = task;
    const body = file.slice(start, end);
    checksums.set(number, await sendPart({ upload, number, body, signal: either, onSent, onTrouble }, ports));
    onSent(end - start);
  };
  const sent = missing.map((number) => lines.run(() => send(number)));
  try {
    await Promise.all(sent);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(sent);
    throw error;
  }
  const parts = [...checksums].map(([number, checksum]) => ({ number, checksum })).sort((a, b) => a.number - b.number);
  await persist(() => ports.complete(begun.upload, parts), task, ports);
}

const changed = (now: number, then: number) => {
  const reason = `the file has ${now} bytes now and had ${then} when its upload began; remove it here and add it again`;
  return new Refused({ status: 409, code: 'changed', reason });
};
