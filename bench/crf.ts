import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DEMO } from './clips.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { cacheFolder, ffmpeg, mustRun, toolWithVmaf } from './run.ts';

/** Measures size and quality by CRF on real clips. The default in core/recipes was chosen from it (docs/quality.md). */
export const crf: Measurement = {
  name: 'crf',
  about:
    "libx265, preset medium, on whole real clips: the size of the picture stream as a share of the source's, VMAF (v0.6.1; mean and worst frame) and luma PSNR.",
  async measure({ quick, clip }) {
    const rows: ResultRow[] = [];
    for (const source of [DEMO, ...(clip ? [clip] : [])]) {
      for (const value of quick ? [28] : [23, 24, 25, 26, 28]) rows.push(await measureOne(source, value, quick));
    }
    return rows;
  },
};

async function measureOne(source: string, value: number, quick: boolean): Promise<ResultRow> {
  const folder = await cacheFolder();
  const output = join(folder, 'crf.nut');
  const preset = quick ? 'ultrafast' : 'medium';
  const params = 'log-level=error:frame-threads=1:wpp=1:keyint=240:min-keyint=24:open-gop=0:info=0';
  await ffmpeg(
    ...[
      '-i',
      source,
      '-an',
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '-1',
      '-c:v',
      'libx265',
      '-preset',
      preset,
      '-crf',
      `${value}`,
    ],
    '-x265-params',
    params,
    output,
  );
  const graph =
    '[0:v]settb=1/1000,setpts=N[a];[1:v]settb=1/1000,setpts=N[b];[a][b]libvmaf=n_threads=2:feature=name=psnr:log_fmt=json:log_path=';
  const log = join(folder, 'vmaf.json');
  await mustRun(toolWithVmaf(), [
    ...['-v', 'error', '-nostdin', '-i', output, '-i', source, '-filter_complex', `${graph}${log}`, '-f', 'null'],
    '-',
  ]);
  const { vmaf, psnr_y } = JSON.parse(await readFile(log, 'utf8')).pooled_metrics;
  const before = await pictureBytes(source);
  const share = (await stat(output)).size / before;
  const found = `${(100 * share).toFixed(1)} % of ${(before / 1e6).toFixed(2)} MB, VMAF ${vmaf.mean.toFixed(1)} (worst ${vmaf.min.toFixed(1)}), PSNR ${psnr_y.mean.toFixed(1)} dB`;
  return { what: `${basename(source)}, CRF ${value}`, found };
}

async function pictureBytes(source: string): Promise<number> {
  const { stdout } = await mustRun('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=size', '-of', 'json', source],
  ]);
  const packets: readonly { readonly size: string }[] = JSON.parse(stdout).packets;
  return packets.reduce((sum, { size }) => sum + Number(size), 0);
}
