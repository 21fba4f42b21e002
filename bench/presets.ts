import { join } from 'node:path';
import { PRESETS } from '../core/settings/presets.ts';
import { minuteOf1080p } from './clips.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { cacheFolder, mustRun } from './run.ts';

/** Measures speed and size of each preset of x265; estimates of time are based on it. */
export const presets: Measurement = {
  name: 'speed by preset',
  about:
    'libx265 at 1080p, CRF 25, frame-threads 1: million pixels for each second of CPU time (user and system), and kilobytes for each frame. core/codecs/x265-speed.ts holds the speeds.',
  async measure(options) {
    const source = await minuteOf1080p(options);
    const output = join(await cacheFolder(), 'preset.nut');
    const rows: ResultRow[] = [];
    for (const preset of options.quick ? PRESETS.slice(0, 2) : PRESETS) {
      const frames = options.quick ? 10 : /slower|veryslow/.test(preset) ? 24 : 60;
      const args = [
        ...['-v', 'info', '-benchmark', '-nostdin', '-y', '-i', source, '-frames:v', `${frames}`, '-an'],
        ...['-c:v', 'libx265', '-preset', preset, '-crf', '25'],
      ];
      const script = `ffmpeg "$@" 2>&1 | grep -o 'utime=[0-9.]*s stime=[0-9.]*s\\|video:[0-9]*kB'`;
      const { stdout } = await mustRun('sh', [
        '-c',
        script,
        'sh',
        ...args,
        '-x265-params',
        'log-level=error:frame-threads=1',
        '-f',
        'nut',
        output,
      ]);
      const cpu = Number(/utime=([\d.]+)/.exec(stdout)?.[1]) + Number(/stime=([\d.]+)/.exec(stdout)?.[1]);
      const kilobytes = Number(/video:(\d+)kB/.exec(stdout)?.[1]);
      const pixels = frames * (options.quick ? 320 * 180 : 1920 * 1080);
      rows.push({
        what: preset,
        found: `${(pixels / cpu / 1e6).toFixed(1)} Mpx/s of CPU, ${(kilobytes / frames).toFixed(1)} kB a frame`,
      });
    }
    return rows;
  },
};
