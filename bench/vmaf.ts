import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Size } from '../core/film/frame-size.ts';
import { cacheFolder, mustRun, toolWithVmaf } from './run.ts';

export type Vmaf = { readonly mean: number; readonly min: number };

/**
 * Returns the VMAF (v0.6.1) of the first frames of an encode against its source, scaled to the size of the encode. An
 * encode in RGB is converted back to BT.709, and the padding to its blocks is cut off.
 */
export async function vmafOf(
  output: string,
  source: string,
  { width, height, isRgb = false }: Size & { readonly isRgb?: boolean },
  frames: number,
): Promise<Vmaf> {
  const back = `crop=${width}:${height}:0:0,scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd,format=yuv420p,`;
  const log = join(await cacheFolder(), 'vmaf-of.json');
  const scaled = `[1:v]trim=end_frame=${frames},scale=${width}:${height}:flags=lanczos+accurate_rnd+full_chroma_int`;
  const graph = `[0:v]${isRgb ? back : ''}settb=1/1000,setpts=N[a];${scaled},settb=1/1000,setpts=N[b];[a][b]libvmaf=n_threads=2:log_fmt=json:log_path=${log}`;
  const inputs = ['-noautorotate', '-i', output, '-noautorotate', '-i', source];
  await mustRun(toolWithVmaf(), ['-v', 'error', '-nostdin', ...inputs, '-filter_complex', graph, '-f', 'null', '-']);
  const { mean, min } = JSON.parse(await readFile(log, 'utf8')).pooled_metrics.vmaf;
  return { mean, min };
}
