import { describe, expect, it } from '@jest/globals';
import { withoutHidden } from '../../../core/streams/hidden-sound.ts';
import { planStreams } from '../../../core/streams/streams.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const WAYS = {
  archive: { delivery: 'archive', container: 'mp4', title: 'HEVC' },
  matroska: { delivery: 'archive', container: 'mkv', title: 'HEVC' },
  webm: { delivery: 'archive', container: 'webm', title: 'AV1' },
  edit: { delivery: 'edit', container: 'mov', title: 'ProRes' },
  stream: { delivery: 'stream', container: 'mp4', title: 'H.264' },
} as const;

const planned = (codec: string, way: keyof typeof WAYS, hiddenPackets: number) => {
  const audio = { channels: 2, sampleRate: 48_000, sampleFormat: 's16' };
  const probe = aProbe([aStream('video', 'h264'), aStream('audio', codec, { audio })]);
  const wanted = WAYS[way];
  return withoutHidden(planStreams(probe, wanted), [{ stream: 1, hiddenPackets }], wanted).at(-1);
};

describe('sound of which an edit list hides packets between others', () => {
  it.each([
    { codec: 'aac', way: 'archive', encoder: 'aac', isExact: undefined, sidecar: 'stream-1.mka' },
    { codec: 'aac', way: 'stream', encoder: 'aac', isExact: undefined, sidecar: undefined },
    { codec: 'aac', way: 'edit', encoder: 'pcm_s16le', isExact: undefined, sidecar: 'stream-1.mka' },
    { codec: 'pcm_s24le', way: 'edit', encoder: 'pcm_s24le', isExact: true, sidecar: undefined },
    { codec: 'pcm_s16le', way: 'matroska', encoder: 'pcm_s16le', isExact: true, sidecar: undefined },
    { codec: 'alac', way: 'archive', encoder: 'alac', isExact: true, sidecar: undefined },
    { codec: 'flac', way: 'matroska', encoder: 'flac', isExact: true, sidecar: undefined },
    { codec: 'opus', way: 'webm', encoder: 'libopus', isExact: undefined, sidecar: 'stream-1.mka' },
  ] as const)('is encoded: $codec in $way as $encoder', ({ codec, way, encoder, isExact, sidecar }) => {
    const plan = planned(codec, way, 48);
    expect(plan).toMatchObject({ fate: 'converted', why: expect.stringContaining('hides 48 packets') });
    expect([plan?.codecArgs?.[0], plan?.isExact, plan?.sidecar?.name]).toEqual([encoder, isExact, sidecar]);
  });

  it('is copied where nothing is hidden', () => {
    expect(planned('aac', 'archive', 0)).toMatchObject({ fate: 'kept', codecArgs: ['copy'] });
  });
});
