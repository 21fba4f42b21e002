import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Likeness } from '../../core/plan/comparison.ts';
import type { LikenessTask } from '../../core/ports/measurer.ts';
import { inputArguments, steadyInput } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import type { Tool } from '../tools/toolbox.ts';

/**
 * Measures how close a piece is to the frames from which it was made, frame k against frame k. Returns means over all
 * frames.
 */
export async function likeness(tool: Tool, task: LikenessTask, signal: AbortSignal): Promise<Likeness> {
  const found: Record<string, number> = {};
  const flicker: number[] = [];
  await runFfmpeg(tool.path, likenessArgs(task, tool.filters.has('xpsnr')), {
    signal,
    blame: 'bug',
    doing: 'comparing pictures',
    onStdoutLine: (line) => {
      const value = /YDIF=([\d.]+)/.exec(line)?.[1];
      if (value !== undefined) flicker.push(Number(value));
    },
    onStderrLine: (line) => {
      const [, filter, value] =
        / (PSNR) y:([\d.]+|inf)/.exec(line) ??
        / (SSIM) .*All:([\d.]+)/.exec(line) ??
        /(XPSNR) +y: *([\d.]+|inf)/.exec(line) ??
        [];
      if (filter !== undefined) found[filter] = value === 'inf' ? 100 : Number(value);
    },
  });
  const moving = flicker.slice(1); // the first frame has no frame before it
  return {
    psnrY: found.PSNR ?? 0,
    ssim: found.SSIM ?? 0,
    xpsnrY: found.XPSNR,
    flicker: moving.reduce((sum, each) => sum + each, 0) / Math.max(1, moving.length),
  };
}

function likenessArgs({ piece, source, filters, size }: LikenessTask, xpsnr: boolean): string[] {
  const count = 'format=yuv420p,settb=1/25,setpts=N';
  const meters = ['psnr', 'ssim', ...(xpsnr ? ['xpsnr'] : [])];
  const branches = meters.length + 1;
  const names = (letter: string) => Array.from({ length: branches }, (_, i) => `[${letter}${i}]`).join('');
  const graph = [
    `[0:v]${count},split=${branches}${names('d')}`,
    `[1:${source.stream}]${[...filters, `crop=${size.width}:${size.height}:0:0`].join(',')},${count},split=${branches}${names('r')}`,
    ...meters.map((meter, i) => `[d${i}][r${i}]${meter}[m${i}]`),
    // how much the error changes from one frame to the next
    `[d${meters.length}][r${meters.length}]blend=all_mode=grainextract,signalstats,metadata=print:key=lavfi.signalstats.YDIF:file=-[m${meters.length}]`,
  ];
  const outputs = Array.from({ length: branches }, (_, i) => ['-map', `[m${i}]`, '-f', 'null', '-']).flat();
  return [
    ...ffmpegPreamble({ log: 'info' }),
    '-noautorotate',
    ...['-f', 'nut', '-i', `file:${piece}`, ...steadyInput(source), ...inputArguments(source.path)],
    ...['-filter_complex', graph.join(';'), ...outputs],
  ];
}
