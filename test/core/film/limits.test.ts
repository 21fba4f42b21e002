import { describe, expect, it } from '@jest/globals';
import { LIMITS, refuseOverLimits } from '../../../core/film/limits.ts';
import type { Probe, Stream, VideoFacts } from '../../../core/film/probe.ts';
import { aVideo } from '../../fixtures/probes.ts';

const stream = (type: Stream['type'], video?: Partial<VideoFacts>, durationSeconds?: number): Stream => ({
  index: 0,
  type,
  codec: 'any',
  tags: {},
  dispositions: [],
  extradataHash: '',
  timeBase: { num: 1, den: 1000 },
  startSeconds: 0,
  durationSeconds,
  video: video && aVideo(video),
  audio: undefined,
});

const probe = (streams: readonly Stream[], durationSeconds?: number): Probe => ({
  bytes: 1,
  format: 'matroska,webm',
  access: 'indexed',
  startSeconds: 0,
  durationSeconds,
  streams,
  chapters: 0,
  tags: {},
});

const sized = (width: number, height: number) => probe([stream('video', { width, height })]);
const film = stream('video', {});

describe('refuseOverLimits', () => {
  it.each<{ does: string; source: Probe; frames?: number }>([
    { does: 'an ordinary film', source: probe([film, stream('audio'), stream('subtitle')], 7200) },
    { does: 'a picture of one pixel', source: sized(1, 1) },
    { does: '8K in 360°', source: sized(7680, 3840) },
    { does: 'a dome master of 8192x8192', source: sized(8192, 8192) },
    { does: 'an LED wall of 16384x1080', source: sized(16_384, 1080) },
    { does: 'the same, standing', source: sized(1080, 16_384) },
    { does: '24 hours', source: probe([film], LIMITS.seconds) },
    { does: 'no known duration', source: probe([film]) },
    {
      does: 'as many streams as allowed',
      source: probe([film, ...Array(LIMITS.streams - 1).fill(stream('attachment'))]),
    },
    { does: 'a film with cover art', source: probe([stream('video', { isAttachedPicture: true }), film]) },
    { does: 'a single frame, which is a video still', source: probe([film], 0.04), frames: 1 },
  ])('lets pass $does', ({ source, frames }) => {
    expect(() => refuseOverLimits(source, frames)).not.toThrow();
  });

  it.each<{ does: string; source: Probe; frames?: number; code: string; says: string }>([
    { does: '60000x60000', source: sized(60_000, 60_000), code: 'over-limit', says: '60000x60000' },
    { does: 'one pixel too many', source: sized(8193, 8192), code: 'over-limit', says: '8193x8192' },
    { does: 'one side too long', source: sized(16_385, 2), code: 'over-limit', says: '16385x2' },
    { does: 'a still of 16384x16384', source: sized(16_384, 16_384), code: 'over-limit', says: '16384x16384' },
    {
      does: 'cover art of 60000x60000',
      source: probe([film, stream('video', { width: 60_000, height: 60_000, isAttachedPicture: true })]),
      code: 'over-limit',
      says: '60000x60000',
    },
    { does: '5,000 streams', source: probe(Array(5000).fill(film)), code: 'over-limit', says: '5000 streams' },
    { does: 'more than 24 hours', source: probe([film], 25 * 3600), code: 'over-limit', says: '25.0 hours' },
    {
      does: 'one stream of more than 24 hours',
      source: probe([film, stream('data', undefined, 1e9)], 5),
      code: 'over-limit',
      says: 'hours',
    },
    { does: 'no streams', source: probe([]), code: 'not-video', says: 'it has no streams' },
    {
      does: 'sound alone',
      source: probe([stream('audio'), stream('audio')]),
      code: 'not-video',
      says: 'no video stream, only audio',
    },
    {
      does: 'sound and subtitles',
      source: probe([stream('audio'), stream('subtitle')]),
      code: 'not-video',
      says: 'only audio and subtitle',
    },
    {
      does: 'sound with cover art',
      source: probe([stream('audio'), stream('video', { isAttachedPicture: true })]),
      code: 'not-video',
      says: 'only cover art',
    },
    { does: 'a picture without size', source: sized(0, 0), code: 'not-video', says: 'no picture size' },
    {
      does: 'a broadcast without a keyframe, which has no size',
      source: { ...sized(0, 0), format: 'mpegts' },
      code: 'not-video',
      says: 'its video (any) holds no keyframe',
    },
    {
      does: 'a picture in FLV that an old ffmpeg does not know',
      source: { ...sized(0, 0), format: 'flv' },
      code: 'not-video',
      says: 'HEVC, AV1 or VP9, which ffmpeg reads in FLV from 6.1 on',
    },
    { does: 'no frames', source: probe([film]), frames: 0, code: 'not-video', says: 'no frames' },
  ])('refuses $does', ({ source, frames, code, says }) => {
    expect(() => refuseOverLimits(source, frames)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) }),
    );
  });
});
