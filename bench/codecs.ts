import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codecNamed } from '../core/encode/codecs/index.ts';
import { encoderArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { RECIPES } from '../core/recipes/index.ts';
import type { RenditionSpec } from '../core/recipes/recipe.ts';
import { minuteOf1080p, PLAIN_1080P } from './clips.ts';
import type { Measurement, Row } from './measurement.ts';
import { cacheFolder, must, toolWithVmaf } from './run.ts';

/** What estimates of time and size are made of, one row for each codec and its variants. */
export const codecs: Measurement = {
  name: 'speed by codec',
  about:
    "Every rendition of every recipe by its own arguments, on 1080p at the source's size: million pixels a second of CPU (user and system; decoding the H.264 source and filtering included), and bits a pixel. The estimates beside them are core/encode/codecs'.",
  async measure(options) {
    const source = await minuteOf1080p(options);
    const rows: Row[] = [];
    for (const rendition of variants()) rows.push(await measureOne(source, rendition, options.quick));
    return rows;
  },
};

/** One rendition a codec and variant. */
function variants(): readonly RenditionSpec[] {
  const all = RECIPES.flatMap(({ renditions }): readonly RenditionSpec[] => renditions);
  const keyOf = ({ codec, profile, texture }: RenditionSpec) => [codec, profile, texture].join();
  return all.filter((each, i) => all.findIndex((other) => keyOf(other) === keyOf(each)) === i);
}

async function measureOne(source: string, rendition: RenditionSpec, quick: boolean): Promise<Row> {
  const video = quick ? { ...PLAIN_1080P, width: 320, height: 180 } : PLAIN_1080P;
  const settings = { preset: quick ? ('ultrafast' as const) : ('medium' as const) };
  const frameRate = { num: 30, den: 1 };
  const { fit: _, ...whole } = rendition;
  const { spec } = encodeSpecFor({ rendition: whole, settings, video, frameRate, interlaced: false, tools: {} });
  const codec = codecNamed(spec.codec);
  const frames = quick ? 5 : 60;
  const output = join(await cacheFolder(), 'codec.nut');
  const filters = spec.filters.length > 0 ? ['-vf', spec.filters.join(',')] : [];
  const args = ['-v', 'info', '-benchmark', '-nostdin', '-y', '-i', source, '-an', '-frames:v', `${frames}`];
  const command = [...args, ...filters, ...encoderArgs(spec), '-f', 'nut', output];
  const tool = spec.codec === 'dxv' ? toolWithVmaf() : 'ffmpeg'; // which is a newer one, and has it
  const script = `"$@" 2>&1 | grep -o 'utime=[0-9.]*s stime=[0-9.]*s'`;
  const { stdout } = await must('sh', ['-c', script, 'sh', tool, ...command]);
  const cpu = Number(/utime=([\d.]+)/.exec(stdout)?.[1]) + Number(/stime=([\d.]+)/.exec(stdout)?.[1]);
  const pixels = frames * video.width * video.height;
  const bits = (8 * (await stat(output)).size) / pixels;
  const variant = rendition.profile ?? rendition.texture;
  return {
    what: `${codec.title}${variant ? ` (${variant})` : ''}, ${rendition.name}`,
    found: `${(pixels / cpu / 1e6).toFixed(1)} Mpx/s of CPU, ${bits.toFixed(3)} bits a pixel`,
  };
}
