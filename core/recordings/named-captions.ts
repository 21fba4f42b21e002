import type { NamedCaptions } from '../film/probe.ts';

/** The descriptor of closed captions (ATSC A/65 6.9.2). */
const CAPTION_SERVICE = 0x86;
const SERVICE_BYTES = 6;
const [DIGITAL, SECOND_FIELD, SERVICE_NUMBER] = [0x80, 0x01, 0x3f];

/** Reads which closed captions the descriptors of a stream name; none where they name none. What is cut short is left out. */
export function namedCaptionsIn(descriptors: Buffer): readonly NamedCaptions[] {
  const named: NamedCaptions[] = [];
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + descriptors.readUInt8(at + 1)) {
    if (descriptors[at] !== CAPTION_SERVICE) continue;
    const body = descriptors.subarray(at + 3, at + 2 + descriptors.readUInt8(at + 1));
    for (let from = 0; from + SERVICE_BYTES <= body.length; from += SERVICE_BYTES) {
      const [language, kind] = [body.toString('latin1', from, from + 3), body.readUInt8(from + 3)];
      named.push({
        channel: channelOf(kind),
        ...(/^[a-z]{3}$/i.test(language) && { language: language.toLowerCase() }),
      });
    }
  }
  return named;
}

/** A service names a field of line 21, which has two channels; the captions of a programme are in the first of them. */
function channelOf(kind: number): string {
  if (kind & DIGITAL) return `service ${kind & SERVICE_NUMBER}`;
  return kind & SECOND_FIELD ? 'CC3' : 'CC1';
}
