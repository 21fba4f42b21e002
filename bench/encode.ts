import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { manifestSchema } from '../core/job/manifest.ts';
import { preserve } from '../core/recipes/preserve.ts';
import { minuteOf1080p, PLAIN_1080P } from './clips.ts';
import { type Measurement, type Options, ratio } from './measurement.ts';
import { CLI, cacheFolder, mustRun } from './run.ts';

/** Measures a whole run against ffmpeg alone with the same encoder settings. */
export const encode: Measurement = {
  name: 'encode',
  about:
    'A whole run (hash, probe, packet survey, segments, join, full verification) on 60 s of 1080p30 at the default preset and CRF, against one bare ffmpeg that writes one file with the same x265 parameters.',
  async measure(options) {
    const source = await minuteOf1080p(options);
    const folder = await mkdtemp(join(await cacheFolder(), 'encode-'));
    try {
      const bare = (await mustRun('ffmpeg', bareArgs(source, join(folder, 'bare.nut'), options))).seconds;
      const out = join(folder, 'out');
      const ours = (
        await mustRun(process.execPath, [
          CLI,
          'run',
          source,
          '--recipe',
          'preserve',
          '--layout',
          'folders',
          '--out',
          out,
          ...settings(options),
        ])
      ).seconds;
      const name = source.slice(source.lastIndexOf('/') + 1);
      const manifest = manifestSchema.parse(
        JSON.parse(await readFile(join(out, 'preserve', name, 'manifest.json'), 'utf8')),
      );
      const { verify, encode: encoding, hash, probe, index, join: joining, publish } = manifest.timings;
      const parts = { hash, probe, index, encode: encoding, join: joining, verify, publish };
      const times = Object.entries(parts).map(([part, seconds]) => `${part} ${seconds.toFixed(2)} s`);
      return [
        ratio(
          '(total - verify) / bare',
          (ours - verify) / bare,
          1.03,
          `${(ours - verify).toFixed(1)} s / ${bare.toFixed(1)} s`,
        ),
        ratio('total / bare', ours / bare, 1.12, `${ours.toFixed(1)} s / ${bare.toFixed(1)} s`),
        { what: 'where the time went', found: times.join(', ') },
        { what: 'segments', found: `${manifest.renditions[0]?.segments.total}` },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const settings = ({ quick }: Options) => (quick ? ['--set', 'preset=ultrafast', '--set', 'segmentSeconds=1-2'] : []);

/** Returns the arguments of a segment that covers the whole file, without the progress pipe. */
function bareArgs(source: string, output: string, { quick }: Options): string[] {
  const { spec } = encodeSpecFor({
    rendition: preserve.renditions[0],
    settings: { ...preserve.defaults, ...(quick && { preset: 'ultrafast' as const }) },
    video: PLAIN_1080P,
    frameRate: { num: 30, den: 1 },
    tools: {},
  });
  const window = { seekSeconds: undefined, skip: 0, lead: 0, frames: undefined };
  const args = segmentArgs({ input: ['-i', source], stream: 0, window, spec });
  const progress = args.indexOf('-progress');
  return [...args.slice(0, progress), ...args.slice(progress + 2, -1), output];
}
