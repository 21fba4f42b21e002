import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EncodeSpec } from '../core/codecs/encode-spec.ts';
import type { RenditionSpec } from '../core/codecs/rendition-spec.ts';
import { encoderArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { ladder } from '../core/recipes/ladder.ts';
import { DEMO, PLAIN_1080P } from './clips.ts';
import type { Measurement, Options, ResultRow } from './measurement.ts';
import { cacheFolder, ffmpeg } from './run.ts';
import { vmafOf } from './vmaf.ts';

/**
 * Measures what a rung loses if it is made from the rung above it. The default of `from` was chosen from it
 * (docs/ladder.md).
 */
export const generations: Measurement = {
  name: 'generations',
  about:
    "The ladder's four encoders and CRFs on real 1080p clips, as 1080p, 720p, 540p and 362x204: each rung made from the rung above, from the source, and from the source at the CRF (found by bisection) that gives as many bytes as the rung made from the rung above. VMAF v0.6.1 against the source scaled to the rung, mean and worst frame.",
  async measure(options) {
    const clips = [DEMO, ...(options.clip ? [options.clip] : [])];
    const rows: ResultRow[] = [];
    for (const clip of clips) rows.push(...(await measureClip(clip, options)));
    return rows;
  },
};

const FITS: readonly NonNullable<RenditionSpec['fit']>[] = [
  { shortSide: 1080 },
  { shortSide: 720 },
  { shortSide: 540 },
  { halfPerimeter: 566 },
];

async function measureClip(clip: string, { quick }: Options): Promise<readonly ResultRow[]> {
  const frames = quick ? 4 : 60;
  const folder = await cacheFolder();
  const rows: ResultRow[] = [];
  let above = clip;
  let video = PLAIN_1080P;
  for (const [i, rendition] of ladder.renditions.entries()) {
    const rung = { ...rendition, fit: FITS[i] ?? {} };
    const fromParent = specOf(rung, video, quick);
    const fromSource = specOf(rung, PLAIN_1080P, quick);
    const output = join(folder, `generation-${i}.nut`);
    const results: string[] = [];
    const parent = await make(above, fromParent, output, frames);
    results.push(`from the rung above ${await scoreText(output, clip, fromSource, frames)}`);
    if (above !== clip) {
      const again = join(folder, 'generation-again.nut');
      await make(clip, fromSource, again, frames);
      results.push(`from the source ${await scoreText(again, clip, fromSource, frames)}`);
      const { crf } = await atBytes(
        parent,
        (at) => make(clip, withCrf(fromSource, at), again, frames),
        crfOf(fromSource),
      );
      results.push(`at CRF ${crf.toFixed(2)} ${await scoreText(again, clip, fromSource, frames)}`);
    }
    rows.push({
      what: `${basename(clip)}, ${fromSource.size.width}x${fromSource.size.height}`,
      found: results.join('; '),
    });
    above = output;
    video = { ...video, ...fromParent.size };
  }
  return rows;
}

function specOf(rendition: RenditionSpec, video: typeof PLAIN_1080P, quick: boolean): EncodeSpec {
  const settings = { ...ladder.defaults, ...(quick && { preset: 'ultrafast' as const }) };
  const frameRate = { num: 30, den: 1 };
  return encodeSpecFor({ rendition, settings, video, frameRate, tools: {} }).spec;
}

function withCrf(spec: EncodeSpec, crf: number): EncodeSpec {
  return spec.codec === 'x264' || spec.codec === 'x265' ? { ...spec, quality: { crf } } : spec;
}

const crfOf = (spec: EncodeSpec) => ('quality' in spec && spec.quality !== 'lossless' ? spec.quality.crf : 23);

async function make(input: string, spec: EncodeSpec, output: string, frames: number): Promise<number> {
  const filters = spec.filters.length > 0 ? ['-vf', spec.filters.join(',')] : [];
  const source = ['-noautorotate', '-i', input, '-an', '-frames:v', `${frames}`];
  await ffmpeg(...source, ...filters, ...encoderArgs(spec), '-f', 'nut', output);
  return (await stat(output)).size;
}

/** Finds a CRF, from one below `crf` to five above it, that gives this many bytes, to within half a percent. */
async function atBytes(bytes: number, encode: (crf: number) => Promise<number>, crf: number) {
  let [low, high] = [crf - 1, crf + 5];
  for (let round = 0; round < 9; round++) {
    const middle = (low + high) / 2;
    const found = await encode(middle);
    if (Math.abs(found - bytes) < bytes / 200) return { crf: middle };
    if (found > bytes) low = middle;
    else high = middle;
  }
  return { crf: (low + high) / 2 };
}

/** Returns a text such as "VMAF 86.19 (worst 80.1), 95188 bytes". */
async function scoreText(output: string, source: string, { size }: EncodeSpec, frames: number): Promise<string> {
  const { mean, min } = await vmafOf(output, source, size, frames);
  return `VMAF ${mean.toFixed(2)} (worst ${min.toFixed(1)}), ${(await stat(output)).size} bytes`;
}
