import { keyFault } from '../object-key.ts';
import { type Drop, dropFromKey, inputKey } from './drop.ts';
import { LONGEST_NAME_BYTES } from './result-place.ts';

/** Names that Windows keeps for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const CONTROL = /\p{Cc}/u;

/** Returns why a path cannot be the name of a new drop, as the end of a sentence; undefined if it can. */
export function dropNameFault(drop: Drop): string | undefined {
  const key = inputKey(drop);
  const fault = keyFault(drop.path) ?? keyFault(key);
  if (fault) return fault;
  for (const part of drop.path.split(/[/\\]/)) {
    if (CONTROL.test(part)) return 'holds a control character';
    if (DEVICE.test(part)) return `has the part ${JSON.stringify(part)}, which is a device on Windows`;
    if (Buffer.byteLength(part) > LONGEST_NAME_BYTES)
      return `has a part of ${Buffer.byteLength(part)} bytes; at most ${LONGEST_NAME_BYTES} are allowed`;
  }
  const reading = dropFromKey(key);
  if (reading.kind === 'refused') return `is refused: ${reading.reason}`;
  if (reading.kind === 'ignored') return 'is a hidden, temporary or companion name, which the intake passes over';
  return undefined;
}
