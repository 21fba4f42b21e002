import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import { planMetadata } from '../../core/encode/carried-metadata.ts';
import { planNotes, userDataFates } from '../../core/encode/plan-notes.ts';
import type { MetadataFate } from '../../core/film/metadata.ts';
import type { Container } from '../../core/settings/delivery.ts';
import { type FilmTimecode, timecodeFates } from '../../core/streams/timecode.ts';
import { aProbe, aStream, aVideo } from '../fixtures/probes.ts';
import { aSpec } from '../fixtures/specs.ts';

type Line = MetadataFate | undefined;

const SPEC = aSpec();
const { codec: _, preset: __, keyframeEvery: ___, ...common } = SPEC;
const IN_AV1: EncodeSpec = {
  ...common,
  codec: 'svt-av1',
  quality: { crf: 31 },
  preset: 8,
  keyframeEvery: 240,
};
const SAYING: FilmTimecode = { timecode: '01:02:03:04', reel: 'A001', from: 'pictures', others: [] };

/** What a film says outside of tags and boxes: what stands in its pictures, and in the tables of a broadcast. */
export const SAID: readonly (readonly [string, (delivery: 'archive' | 'edit', container: Container) => Line])[] = [
  [
    'a time code in the file or in its pictures (MXF, MPEG-2)',
    (_, container) => timecodeFates(SAYING, { written: '01:02:03:04', container, retimed: false })[0],
  ],
  [
    'the name of the reel or card',
    (_, container) => timecodeFates(SAYING, { written: '01:02:03:04', container, retimed: false })[1],
  ],
  [
    'user data in the pictures of H.264 and HEVC (a UUID of its own)',
    (delivery, container) => {
      const main = { ...aStream('video', 'h264'), video: aVideo({ userData: ['086f'] }) };
      const spec = container === 'webm' ? IN_AV1 : SPEC;
      const plan = planNotes({ main, spec, delivery, container, takesAll: true });
      return userDataFates(
        main,
        plan,
        plan.kinds.map((kind) => ({ kind })),
      )[0];
    },
  ],
  ['the service of a transport stream', (_, container) => ofTags({ service_name: 'One' }, container)],
];

const ofTags = (tags: Readonly<Record<string, string>>, container: Container): Line =>
  planMetadata({
    ...{ probe: aProbe([], { format: 'mpegts', tags }), boxes: [], found: undefined },
    ...{ plans: [], mainStream: 0, container },
  }).fates[0];
