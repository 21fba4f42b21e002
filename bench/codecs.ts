import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codecOf } from '../core/codecs/index.ts';
import type { RenditionSpec } from '../core/codecs/rendition-spec.ts';
import { encoderArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { RECIPES } from '../core/recipes/index.ts';
import { DEMO, PLAIN_1080P } from './clips.ts';
import { type Measurement, median, type ResultRow } from './measurement.ts';
import { cacheFolder, mustRun, toolWithVmaf } from './run.ts';
import { vmafOf } from './vmaf.ts';

/** Measures speed, size and quality of each codec and its variants; estimates of time and size are based on it. */
export const codecs: Measurement = {
  name: 'speed by codec',
  about:
    "One rendition for each codec and variant of the recipes, with the arguments of its recipe, on 40 frames of a phone's 1080p clip at the size of the source: million pixels for each second of CPU time (user and system, with decoding of the H.264 source and filters), megabits a second at 25 frames a second, VMAF against the source, and the frames a second at which ffmpeg decodes it on both cores (median of three). docs/vj.md explains the codecs for VJs.",
  async measure(options) {
    const rows: ResultRow[] = [];
    for (const rendition of variants()) rows.push(await measureOne(options.clip ?? DEMO, rendition, options.quick));
    return rows;
  },
};

const SIZE = { width: PLAIN_1080P.width, height: PLAIN_1080P.height };

/** Returns one rendition for each codec and variant. */
function variants(): readonly RenditionSpec[] {
  const all = RECIPES.flatMap(({ renditions }): readonly RenditionSpec[] => renditions);
  const keyOf = ({ codec, profile, texture }: RenditionSpec) => [codec, profile, texture].join();
  return all.filter((each, i) => all.findIndex((other) => keyOf(other) === keyOf(each)) === i);
}

async function measureOne(source: string, rendition: RenditionSpec, quick: boolean): Promise<ResultRow> {
  const settings = { preset: quick ? ('ultrafast' as const) : ('medium' as const) };
  const frameRate = { num: 30, den: 1 };
  const { fit: _, ...whole } = rendition;
  const { spec } = encodeSpecFor({
    rendition: whole,
    settings,
    video: PLAIN_1080P,
    frameRate,
    tools: {},
  });
  const frames = quick ? 2 : 40;
  const output = join(await cacheFolder(), 'codec.nut');
  const filters = spec.filters.length > 0 ? ['-vf', spec.filters.join(',')] : [];
  const newerFfmpeg = toolWithVmaf();
  const input = ['-nostdin', '-y', '-noautorotate', '-i', source, '-an', '-frames:v', `${frames}`];
  const encode = [...input, ...filters, ...encoderArgs(spec), '-f', 'nut', output];
  const encoding = await cpuSeconds(spec.codec === 'dxv' ? newerFfmpeg : 'ffmpeg', encode);
  const decodings: number[] = [];
  const decode = ['-v', 'error', '-nostdin', '-i', output, '-f', 'null', '-'];
  for (let i = 0; i < (quick ? 1 : 3); i++) decodings.push((await mustRun(newerFfmpeg, decode)).seconds);
  const idle = (
    await mustRun(newerFfmpeg, ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'nullsrc=d=0.04', '-f', 'null', '-'])
  ).seconds;
  const pixels = frames * PLAIN_1080P.width * PLAIN_1080P.height;
  const megabits = (8 * 25 * (await stat(output)).size) / frames / 1e6;
  const { mean } = await vmafOf(
    output,
    source,
    { ...SIZE, isRgb: codecOf(spec).decodedFormat.startsWith('rgb') },
    frames,
  );
  const variant = rendition.profile ?? rendition.texture;
  const decoded = frames / Math.max(0.001, median(decodings) - idle);
  return {
    what: `${codecOf(spec).title}${variant ? ` (${variant})` : ''}, ${rendition.name}`,
    found: `${(pixels / encoding / 1e6).toFixed(1)} Mpx/s of CPU, ${megabits.toFixed(1)} Mb/s, VMAF ${mean.toFixed(1)}, decoded at ${decoded.toFixed(0)} fps`,
  };
}

/** The CPU time of an ffmpeg, user and system. */
export async function cpuSeconds(tool: string, args: readonly string[]): Promise<number> {
  const script = `"$@" 2>&1 | grep -o 'utime=[0-9.]*s stime=[0-9.]*s'`;
  const { stdout } = await mustRun('sh', ['-c', script, 'sh', tool, '-v', 'info', '-benchmark', ...args]);
  return Number(/utime=([\d.]+)/.exec(stdout)?.[1]) + Number(/stime=([\d.]+)/.exec(stdout)?.[1]);
}
