import type { Source } from '../core/ports/film-reader.ts';
import type { RenditionWork } from './work.ts';

/**
 * Surveys the output, with the hashes of packets if other renditions are made from it, and in the order of decoding if `byPacket`:
 * what belongs to pictures is read by packets.
 */
export function surveyOf(
  output: Source,
  { ports: { reader }, hasChildren }: RenditionWork,
  { byPacket, signal }: { readonly byPacket: boolean; readonly signal: AbortSignal },
) {
  const options = { signal, onProgress: () => {} };
  return hasChildren
    ? reader.survey(output, options)
    : reader.surveyTimes(output, { ...options, keepsOrder: byPacket });
}
