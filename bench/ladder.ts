import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { encoderArgs } from '../core/encode/encode-args.ts';
import type { EncodeSpec } from '../core/encode/encode-spec.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { manifestSchema } from '../core/manifest.ts';
import { ladder as recipe } from '../core/recipes/ladder.ts';
import { rungsFor } from '../core/recipes/renditions.ts';
import { minuteOf1080p, PLAIN_1080P } from './clips.ts';
import { type Measurement, type Options, type Row, ratio } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, must, once } from './run.ts';

/** The whole ladder against the ffmpeg commands one would type. */
export const ladder: Measurement = {
  name: 'ladder',
  about:
    'A whole run of `ladder` on 20 s of 1080p30 (hash, probe, packets, both rungs in segments, join, full verification, thumbnails, playlists) against the sum of bare ffmpeg commands with the same encoder settings: one for each rung from the source, one for a poster and one for a sprite; beside it, one ffmpeg that decodes once for both rungs, and the same ladder from the rung above.',
  async measure(options) {
    const minute = await minuteOf1080p(options);
    const source = await once(`twenty-${basename(minute)}`, (path) =>
      ffmpeg('-i', minute, '-t', '20', '-c', 'copy', path),
    );
    const folder = await mkdtemp(join(await cacheFolder(), 'ladder-'));
    try {
      const rungs = specs(options);
      const [hd, sd] = [join(folder, 'hd.mp4'), join(folder, 'sd.mp4')];
      let bare = 0;
      for (const [i, spec] of rungs.entries())
        bare += (await ffmpeg('-i', source, '-an', ...outputOf(spec), i === 0 ? hd : sd)).seconds;
      const encoding = bare;
      bare += (await ffmpeg('-ss', '1', '-i', sd, '-frames:v', '1', join(folder, 'poster.jpg'))).seconds;
      const tile = 'fps=1,scale=160:-2,tile=10x6';
      bare += (await ffmpeg('-i', sd, '-vf', tile, '-frames:v', '1', join(folder, 'sprite.jpg'))).seconds;
      const outputs = rungs.flatMap((spec, i) => ['-map', '0:v:0', ...outputOf(spec), i === 0 ? hd : sd]);
      const together = (await ffmpeg('-i', source, ...outputs)).seconds;
      const ours = await whole(source, join(folder, 'source'), options);
      const chained = await whole(source, join(folder, 'parent'), options, ['--set', 'from=parent']);
      const sides = `${ours.seconds.toFixed(1)} s / ${bare.toFixed(1)} s`;
      return [
        ratio('total / sum of bare commands', ours.seconds / bare, 1.08, sides),
        { what: '(total - verify) / the same', found: ((ours.seconds - ours.verify) / bare).toFixed(3) },
        { what: 'where the time went', found: ours.told },
        {
          what: 'one decode for both rungs / one for each (bare ffmpeg)',
          found: `${(together / encoding).toFixed(3)} (${together.toFixed(1)} s / ${encoding.toFixed(1)} s)`,
        },
        { what: 'from=parent / from=source', found: (chained.seconds / ours.seconds).toFixed(3) },
      ] satisfies Row[];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function specs({ quick }: Options): readonly EncodeSpec[] {
  const settings = { ...recipe.defaults, ...(quick && { preset: 'ultrafast' as const }) };
  const video = quick ? { ...PLAIN_1080P, width: 1280, height: 720 } : PLAIN_1080P;
  const frameRate = { num: 30, den: 1 };
  return rungsFor(recipe.renditions, video, 'source').map(
    (rendition) => encodeSpecFor({ rendition, settings, video, frameRate, interlaced: false, tools: {} }).spec,
  );
}

const outputOf = (spec: EncodeSpec) => [
  ...(spec.filters.length > 0 ? ['-vf', spec.filters.join(',')] : []),
  ...encoderArgs(spec),
  ...['-movflags', '+cmaf+global_sidx+frag_keyframe+delay_moov', '-frag_duration', '500000', '-f', 'mp4'],
];

async function whole(source: string, out: string, { quick }: Options, more: readonly string[] = []) {
  const settings = [...more, ...(quick ? ['--set', 'preset=ultrafast'] : [])];
  const { seconds } = await must(process.execPath, [
    CLI,
    'run',
    source,
    '--recipe',
    'ladder',
    '--out',
    out,
    ...settings,
  ]);
  const written = await readFile(join(out, 'ladder', basename(source), 'manifest.json'), 'utf8');
  const { total: _, ...parts } = manifestSchema.parse(JSON.parse(written)).timings;
  const told = Object.entries(parts).map(([part, took]) => `${part} ${took.toFixed(2)} s`);
  return { seconds, verify: parts.verify, told: told.join(', ') };
}
