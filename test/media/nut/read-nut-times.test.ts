import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { readNutTimes } from '../../../media/nut/read-nut-times.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

async function piece(rate: string, encoder: readonly string[]): Promise<string> {
  const path = join(await temporaryFolder(), 'piece.nut');
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=64x48:rate=${rate}:duration=2`];
  await run('ffmpeg', ['-v', 'error', '-y', ...source, ...encoder, '-f', 'nut', path]);
  return path;
}

/** The times as ffprobe reads them, an independent reader. */
async function byFfprobe(path: string) {
  const questions = ['-show_entries', 'packet=pts:stream=time_base', '-of', 'json'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...questions, path]);
  const told: { packets: { pts: number }[]; streams: { time_base: string }[] } = JSON.parse(stdout);
  const [num, den] = told.streams[0]?.time_base.split('/').map(Number) ?? [];
  return { pts: told.packets.map(({ pts }) => pts), timeBase: { num, den } };
}

describe('the times of a piece', () => {
  it.each([
    { of: 'HEVC with B-frames', rate: '25', encoder: ['-c:v', 'libx265', '-x265-params', 'log-level=error:bframes=4'] },
    { of: 'H.264 at 59.94', rate: '60000/1001', encoder: ['-c:v', 'libx264', '-preset', 'veryfast'] },
    { of: 'frames far apart', rate: '1/2', encoder: ['-c:v', 'libx264', '-preset', 'ultrafast'] },
    { of: 'a clock of 90 kHz', rate: '25', encoder: ['-c:v', 'libx264', '-enc_time_base', '1/90000', '-bf', '2'] },
    { of: 'MPEG-4, whose packets share a beginning', rate: '25', encoder: ['-c:v', 'mpeg4', '-bf', '2'] },
    { of: 'ProRes', rate: '24', encoder: ['-c:v', 'prores_ks'] },
    { of: 'HAP', rate: '30', encoder: ['-c:v', 'hap'] },
    { of: 'FFV1', rate: '25', encoder: ['-c:v', 'ffv1'] },
  ])('are those that ffprobe reads, of $of', async ({ rate, encoder }) => {
    const path = await piece(rate, encoder);
    expect(await readNutTimes(createReadStream(path))).toEqual(await byFfprobe(path));
  });

  it('are none in an empty file, and an error in one that is cut', async () => {
    const path = await piece('25', ['-c:v', 'ffv1']);
    await truncate(path, 5000);
    await expect(readNutTimes(createReadStream(path))).rejects.toMatchObject({ code: 'bad-input' });
    await writeFile(path, '');
    expect(await readNutTimes(createReadStream(path))).toMatchObject({ pts: [] });
  });
});
