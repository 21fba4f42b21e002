import { describe, expect, it } from '@jest/globals';
import type { Stream } from '../../../core/film/probe.ts';
import type { Container } from '../../../core/settings/delivery.ts';
import { planStreams } from '../../../core/streams/streams.ts';
import { aProbe, aStream, aVideo } from '../../fixtures/probes.ts';

const sound = (codec: string, sampleFormat = 'fltp', channels = 2) =>
  aStream('audio', codec, { audio: { channels, sampleRate: 48_000, sampleFormat } });
const cover = (codec: string) => aStream('video', codec, { video: aVideo({ isAttachedPicture: true }) });
const further = (codec: string) => aStream('video', codec);
const words = (codec: string) => aStream('subtitle', codec);
const data = (codec: string, tags = {}) => aStream('data', codec, { tags });
const file = (filename: string) => aStream('attachment', 'ttf', { tags: { filename } });

const archive = (container: Container) => ({ delivery: 'archive', container, title: 'HEVC' }) as const;

/** What becomes of a stream beside the main picture, in a word, its encoder, and its sidecar. */
function becomes(stream: Stream, container: Container) {
  const { fate, codecArgs, sidecar, track } =
    planStreams(aProbe([aStream('video', 'h264'), stream]), archive(container))[1] ?? {};
  return [
    fate,
    track ? 'track' : (codecArgs?.join(' ') ?? '-'),
    sidecar ? `${sidecar.name} as ${sidecar.format}` : '-',
  ];
}

describe('in MP4', () => {
  it.each([
    ...['aac', 'mp3', 'mp2', 'ac3', 'eac3', 'alac', 'opus', 'flac', 'dts'].map(
      (codec) => [codec, sound(codec), 'kept', 'copy', '-'] as const,
    ),
    ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_u8', 'pcm_mulaw', 'pcm_alaw', 'pcm_bluray', 'pcm_dvd', 's302m'].map(
      (codec) => [codec, sound(codec, 's32'), 'converted', 'alac', '-'] as const,
    ),
    ...['tta', 'wavpack', 'truehd', 'mlp', 'ape'].map(
      (codec) => [codec, sound(codec, 's16p'), 'converted', 'alac', '-'] as const,
    ),
    ['pcm_f32le', sound('pcm_f32le', 'flt'), 'converted', 'aac -b 192000 -ac 2', 'stream-1.mka as matroska'],
    ['pcm_f64le', sound('pcm_f64le', 'dbl'), 'converted', 'aac -b 192000 -ac 2', 'stream-1.mka as matroska'],
    [
      'pcm_s16le of 16 channels',
      sound('pcm_s16le', 's16', 16),
      'converted',
      'aac -b 768000',
      'stream-1.mka as matroska',
    ],
    ['wavpack of floats', sound('wavpack', 'fltp'), 'converted', 'aac -b 192000 -ac 2', 'stream-1.mka as matroska'],
    ['vorbis', sound('vorbis'), 'converted', 'aac -b 192000 -ac 2', 'stream-1.mka as matroska'],
    ['wmav2', sound('wmav2', 'fltp', 1), 'converted', 'aac -b 96000 -ac 1', 'stream-1.mka as matroska'],
    ['mov_text', words('mov_text'), 'kept', 'copy', '-'],
    ['subrip', words('subrip'), 'converted', 'mov_text', 'stream-1.srt as srt'],
    ['text', words('text'), 'converted', 'mov_text', 'stream-1.srt as srt'],
    ['webvtt', words('webvtt'), 'converted', 'mov_text', 'stream-1.vtt as webvtt'],
    ['ass', words('ass'), 'kept', '-', 'stream-1.ass as ass'],
    ['ssa', words('ssa'), 'kept', '-', 'stream-1.ass as ass'],
    ['hdmv_pgs_subtitle', words('hdmv_pgs_subtitle'), 'kept', '-', 'stream-1.sup as sup'],
    ['dvd_subtitle', words('dvd_subtitle'), 'kept', '-', 'stream-1.mks as matroska'],
    ['dvb_subtitle', words('dvb_subtitle'), 'kept', '-', 'stream-1.mks as matroska'],
    ['dvb_teletext', words('dvb_teletext'), 'kept', '-', 'stream-1.bin as data'],
    ['eia_608', words('eia_608'), 'converted', '-', 'stream-1.srt as srt'],
    ['mjpeg cover', cover('mjpeg'), 'kept', 'copy', '-'],
    ['png cover', cover('png'), 'kept', 'copy', '-'],
    ['bmp cover', cover('bmp'), 'kept', 'copy', '-'],
    ['webp cover', cover('webp'), 'kept', '-', 'stream-1.webp as image2pipe'],
    ['second h264', further('h264'), 'kept', 'copy', '-'],
    ['second vp9', further('vp9'), 'kept', 'copy', '-'],
    ['second prores', further('prores'), 'kept', '-', 'stream-1.mkv as matroska'],
    ['gpmd', data('gpmd'), 'kept', 'track', '-'],
    ['timed_id3', data('timed_id3'), 'kept', 'track', '-'],
    ['rtp', data('rtp'), 'dropped', '-', '-'],
    ['srtp', data('srtp'), 'dropped', '-', '-'],
    ['tmcd', data('tmcd', { timecode: '01:00:00:00' }), 'kept', '-', '-'],
    ['font', file('A Font.TTF'), 'kept', '-', 'stream-1.ttf as attachment'],
    ['hostile name', file('../../etc/passwd'), 'kept', '-', 'stream-1.bin as attachment'],
    ['hostile extension', file('a.t/../f'), 'kept', '-', 'stream-1.bin as attachment'],
  ] as const)('%s', (_, stream, ...fate) => {
    expect(becomes(stream, 'mp4')).toEqual(fate);
  });
});

describe('in Matroska', () => {
  it.each([
    ['aac', sound('aac'), 'kept', 'copy', '-'],
    ['vorbis', sound('vorbis'), 'kept', 'copy', '-'],
    ['pcm_f32le', sound('pcm_f32le', 'flt'), 'kept', 'copy', '-'],
    ['subrip', words('subrip'), 'kept', 'copy', '-'],
    ['ass', words('ass'), 'kept', 'copy', '-'],
    ['hdmv_pgs_subtitle', words('hdmv_pgs_subtitle'), 'kept', 'copy', '-'],
    ['dvd_subtitle', words('dvd_subtitle'), 'kept', 'copy', '-'],
    ['mov_text', words('mov_text'), 'converted', 'srt', '-'],
    ['eia_608', words('eia_608'), 'converted', '-', 'stream-1.srt as srt'],
    ['dvb_teletext', words('dvb_teletext'), 'kept', '-', 'stream-1.bin as data'],
    ['mjpeg cover', cover('mjpeg'), 'kept', 'copy', '-'],
    ['second prores', further('prores'), 'kept', 'copy', '-'],
    ['font', file('font.ttf'), 'kept', 'copy', '-'],
    ['tmcd', data('tmcd', { timecode: '01:00:00:00' }), 'kept', '-', '-'],
    ['gpmd', data('gpmd'), 'kept', '-', 'stream-1.bin as data'],
    ['rtp', data('rtp'), 'dropped', '-', '-'],
    ['sound of no known codec', sound('unknown'), 'kept', '-', 'stream-1.bin as data'],
  ] as const)('%s', (_, stream, ...fate) => {
    expect(becomes(stream, 'mkv')).toEqual(fate);
  });
});

it('a track of data of another container than MP4 goes into a sidecar', () => {
  const probe = { ...aProbe([aStream('video', 'h264'), data('klv')]), format: 'mpegts' };
  expect(planStreams(probe, archive('mp4'))[1]).toMatchObject({ sidecar: { name: 'stream-1.bin' }, fate: 'kept' });
});

describe('a plan of streams', () => {
  const probe = aProbe([
    cover('png'),
    sound('aac'),
    aStream('video', 'h264'),
    further('mpeg2video'),
    words('subrip'),
    data('bin_data'),
    file('font.otf'),
  ]);

  it.each(['mp4', 'mkv'] as const)('leaves no stream out, and says why, in %s', (container) => {
    const plans = planStreams(probe, archive(container));
    expect(plans.map(({ stream }) => stream.index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const { why } of plans) expect(why).toMatch(/^\w.{5,}\w$/);
  });

  it('re-encodes the first moving picture, and no cover', () => {
    const converted = planStreams(probe, archive('mp4')).filter(({ why }) => why === 're-encoded as HEVC');
    expect(converted.map(({ stream }) => stream.index)).toEqual([2]);
  });

  it('keeps nothing under two names', () => {
    const names = planStreams(probe, archive('mp4')).flatMap(({ sidecar }) => sidecar?.name ?? []);
    expect(new Set(names).size).toBe(names.length);
  });
});
