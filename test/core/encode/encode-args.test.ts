import { describe, expect, it } from '@jest/globals';
import { codecOf } from '../../../core/codecs/index.ts';
import { fedArgs, feedArgs, segmentArgs } from '../../../core/encode/encode-args.ts';
import { encodeSpecFor } from '../../../core/encode/encode-spec-for.ts';
import { concatScript, joinArgs } from '../../../core/encode/join-args.ts';
import type { JoinPlan } from '../../../core/encode/join-plan.ts';
import type { VideoFacts } from '../../../core/film/probe.ts';
import { RECIPES } from '../../../core/recipes/index.ts';
import type { Recipe } from '../../../core/recipes/recipe.ts';
import { candidates } from '../../../core/recipes/renditions.ts';
import { containerOf } from '../../../core/settings/delivery.ts';
import { planStreams } from '../../../core/streams/streams.ts';
import { aProbe, aStream, aVideo } from '../../fixtures/probes.ts';

const PHONE = aVideo({
  width: 3840,
  height: 2160,
  pixelFormat: 'yuvj420p',
  baseFrameRate: { num: 30_000, den: 1001 },
  colour: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', range: 'pc', chromaLocation: 'left' },
  displayMatrix: [0, 65_536, 0, -65_536, 0, 0, 70_778_880, 0, 1_073_741_824],
});

const SOURCES: Readonly<Record<string, VideoFacts>> = {
  'a phone film, held upright': PHONE,
  'an HDR10 master': aVideo({
    width: 4096,
    height: 1728,
    pixelFormat: 'yuv420p10le',
    colour: { primaries: 'bt2020', transfer: 'smpte2084', matrix: 'bt2020nc', range: 'tv', chromaLocation: 'topleft' },
    hdr: {
      masterDisplay: 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)',
      contentLight: '1000,400',
      dolbyVision: undefined,
      hdr10plus: false,
    },
  }),
  'an interlaced DVD, anamorphic': aVideo({
    width: 720,
    height: 576,
    sar: { num: 64, den: 45 },
    fieldOrder: 'interlaced',
  }),
};

const INPUT = ['-i', 'INPUT'];
/** As they are made where a drop asks for nothing; of those of which one is made, each. */
const renditionsOf = (recipe: Recipe) =>
  typeof recipe.makes === 'object' ? recipe.renditions : candidates(recipe, recipe.defaults);
const EVERY = RECIPES.flatMap((recipe) => renditionsOf(recipe).map((rendition) => ({ recipe, rendition })));

describe.each(EVERY)('golden: $rendition.name by $recipe.id', ({ recipe, rendition }) => {
  const specFor = (video: VideoFacts) => {
    const deinterlacing = video.fieldOrder === 'interlaced' ? ({ pictures: 1 } as const) : undefined;
    const frameRate = video.baseFrameRate ?? { num: 25, den: 1 };
    return encodeSpecFor({ rendition, settings: recipe.defaults, video, frameRate, deinterlacing, tools: {} });
  };

  it.each(Object.entries(SOURCES))('a segment in the middle of %s, and what it loses', (_, video) => {
    const { spec, losses } = specFor(video);
    const window = { seekSeconds: 12.345_678_9, skip: 0, lead: spec.margin, frames: 250 };
    expect({ losses, command: lines(segmentArgs({ input: INPUT, stream: 0, window, spec })) }).toMatchSnapshot();
  });

  it('frames fed to encoders', () => {
    const { spec } = specFor(PHONE);
    expect([...lines(feedArgs(INPUT, 0, spec)), 'into', ...lines(fedArgs(spec))]).toMatchSnapshot();
  });

  it('the join', () => {
    const { spec } = specFor(PHONE);
    const probe = aProbe([
      aStream('video', 'h264', { video: PHONE, tags: { timecode: '01:02:03:04' }, dispositions: ['default'] }),
      aStream('audio', 'aac', { dispositions: ['default'] }),
      aStream('audio', 'pcm_s16le', { audio: { channels: 2, sampleRate: 48_000, sampleFormat: 's16' } }),
      aStream('subtitle', 'subrip', { dispositions: ['forced', 'hearing_impaired'] }),
      aStream('subtitle', 'ass'),
    ]);
    const container = containerOf(rendition.delivery, recipe.defaults);
    const { tag, title } = codecOf(spec);
    const plan: JoinPlan = {
      pieces: [{ path: '/cache/0.nut', durationSeconds: 12.5 }],
      source: 'SOURCE',
      access: 'indexed',
      streams: planStreams(probe, { delivery: rendition.delivery, container, title }),
      mainStream: 0,
      firstSeconds: 0.5,
      timescale: 12_800,
      container,
      sourceOffsetSeconds: 0,
      sourceStartSeconds: 0,
      tag,
      fragmentSeconds: rendition.delivery === 'stream' ? 0.5 : undefined,
      video: PHONE,
      sar: spec.sar,
      timecode: '01:02:03:04',
      spherical: undefined,
      metadata: [],
      tags: { without: ['encoder'], createdAt: '2020-02-03T04:05:06.000000Z' },
      output: '/scratch/OUTPUT',
    };
    expect(lines(joinArgs(plan, '/scratch/SCRIPT', INPUT))).toMatchSnapshot();
  });
});

describe('the concat script', () => {
  it('says how long each piece but the last lasts, whatever their folder is called', () => {
    const pieces = [
      { path: "/it's here/0.nut", durationSeconds: 1 / 3 },
      { path: "/it's here/1.nut", durationSeconds: undefined },
    ];
    expect(concatScript(pieces)).toBe(
      [
        'ffconcat version 1.0',
        "file 'file:/it'\\''s here/0.nut'",
        'duration 0.333333333',
        "file 'file:/it'\\''s here/1.nut'",
        '',
      ].join('\n'),
    );
  });
});

/** One option a line, as a diff is read best. */
function lines(args: readonly string[]): string[] {
  const found: string[] = [];
  for (const arg of args) {
    if (/^-[a-z]/i.test(arg) || found.length === 0) found.push(arg);
    else found[found.length - 1] += ` ${arg}`;
  }
  return found;
}
