import type { Manifest, Quality, RenditionRecord } from '../../../core/job/manifest.ts';

const SHA = '9b0710a436413f75cc3cd1c1048aa3c4d7c28f76f51ef6a25413d0018d22ec99';

export const vmaf: Quality = { metric: 'vmaf', mean: 96.2, min: 91.4, sampledFrames: 50 };

/** A finished job as the mill writes it; what a test is about is laid over it. */
export function manifest(over: Partial<Manifest> = {}): Manifest {
  return {
    version: 2,
    job: 'e3b2418cf6377759c85ef1c627befa08',
    recipe: 'preserve',
    settings: { crf: 25 },
    recipeKey: SHA,
    status: 'done',
    source: {
      path: 'clip.mov',
      bytes: 2_942_343,
      sha256: SHA,
      durationSeconds: 2,
      streams: [
        { index: 0, type: 'video', codec: 'h264', width: 1920, height: 1080, pixelFormat: 'yuv420p' },
        { index: 1, type: 'audio', codec: 'aac', channels: 2, sampleRate: 48_000, language: 'eng' },
      ],
    },
    renditions: [rendition()],
    sidecars: [],
    streams: [
      { index: 0, type: 'video', codec: 'h264', fate: 'converted', why: 're-encoded as HEVC' },
      { index: 1, type: 'audio', codec: 'aac', fate: 'kept', why: 'its packets are copied' },
    ],
    warnings: [],
    cost: { estimatedUsd: 0.0123, vcpuHours: 0.5, basis: 'Fargate Spot' },
    timings: { total: 8, hash: 0.01, probe: 0.5, index: 0.2, encode: 5, join: 0.1, verify: 2, publish: 0.01 },
    madeAt: '2026-11-21T08:57:59.104Z',
    ...over,
  };
}

export function rendition(over: Partial<RenditionRecord> = {}): RenditionRecord {
  return {
    name: 'preserve',
    path: 'preserve.mp4',
    bytes: 157_903,
    sha256: SHA,
    parent: 'source',
    codec: 'hevc',
    codecString: 'hvc1.1.6.L120.90',
    width: 1920,
    height: 1080,
    frames: 50,
    durationSeconds: 2,
    tickSeconds: 1 / 90_000,
    command: ['ffmpeg', '-i', 'INPUT', 'two words', 'OUTPUT'],
    tool: 'ffmpeg 7.0.2',
    segments: { total: 1, encoded: 1, reused: 0 },
    quality: vmaf,
    checks: [{ name: 'decodes to the last frame', passed: true, detail: '50 of 50 frames' }],
    ...over,
  };
}

export const series = (scores: readonly number[], step = 0.04) =>
  scores.map((score, i) => ({ seconds: i * step, score }));
