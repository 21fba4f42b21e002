import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * @typedef {{ readonly size: string, readonly codecs: string, readonly file: string }} Variant
 * @typedef {{ readonly seconds: number, readonly rgb: Buffer }} FilmFrame
 * @typedef {{ readonly seconds: number, readonly frames: readonly FilmFrame[], readonly hasMarks: boolean }} FilmRead
 */

/**
 * The variants of a ladder by its master playlist, the best first, each size once.
 * @param {string} folder
 * @returns {Promise<readonly Variant[]>}
 */
export async function variantsOf(folder) {
  const lines = (await readFile(join(folder, 'master.m3u8'), 'utf8')).split('\n');
  const all = await Promise.all(
    lines.flatMap((line, i) => {
      if (!line.startsWith('#EXT-X-STREAM-INF:')) return [];
      const size = /RESOLUTION=(\d+x\d+)/.exec(line)?.[1] ?? '';
      const codecs = /CODECS="([^"]+)"/.exec(line)?.[1] ?? '';
      return [fileOf(join(folder, lines[i + 1] ?? '')).then((file) => ({ size, codecs, file }))];
    }),
  );
  return all.filter(({ file }, i) => all.findIndex((each) => each.file === file) === i);
}

/** @param {string} playlist */
async function fileOf(playlist) {
  const lines = (await readFile(playlist, 'utf8')).split('\n');
  return decodeURI(lines.find((line) => line !== '' && !line.startsWith('#')) ?? '');
}

/**
 * What a rendition shows, decoded by ffmpeg: its end, its frames as 8x8 pixels, and whether it is a film of marks, black
 * and silent but for one white flash and one beep.
 * @param {string} path
 * @returns {Promise<FilmRead>}
 */
export async function readFilm(path) {
  const about = [
    '-v',
    'error',
    '-of',
    'json',
    '-show_entries',
    'format=start_time,duration:stream=codec_type,color_space,height:frame=pts_time',
  ];
  const { stdout } = await run('ffprobe', [...about, '-select_streams', 'v:0', path], { maxBuffer: 1 << 28 });
  const { format, frames, streams } = JSON.parse(stdout);
  const matrix = streams[0]?.color_space ?? (streams[0]?.height > 576 ? 'bt709' : 'bt470bg');
  const scale = `scale=8:8:flags=area:in_color_matrix=${matrix === 'bt709' ? 'bt709' : 'bt601'},format=rgb24`;
  const pictures = [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:v:0',
    '-vf',
    scale,
    '-fps_mode',
    'passthrough',
    '-f',
    'rawvideo',
    '-',
  ];
  const { stdout: raw } = await run('ffmpeg', pictures, { encoding: 'buffer', maxBuffer: 1 << 28 });
  const times = frames.map((/** @type {{ pts_time: string }} */ frame) => Number(frame.pts_time));
  const shown = times.map((/** @type {number} */ seconds, /** @type {number} */ i) => ({
    seconds,
    rgb: raw.subarray(i * 192, (i + 1) * 192),
  }));
  const brightness = shown.map((/** @type {FilmFrame} */ { rgb }) => rgb.reduce((sum, each) => sum + each, 0) / 192);
  return {
    seconds: Number(format.start_time) + Number(format.duration),
    frames: shown,
    hasMarks: isOneFlash(brightness) && (await isOneBeep(path)),
  };
}

/** @param {readonly number[]} brightness */
const isOneFlash = (brightness) =>
  brightness.every((each) => each < 40 || each > 215) &&
  brightness.filter((each, i) => each > 215 && (brightness[i - 1] ?? 0) < 40).length === 1;

/** @param {string} path */
async function isOneBeep(path) {
  const args = ['-v', 'error', '-i', path, '-map', '0:a:0?', '-ac', '1', '-ar', '8000', '-f', 's16le', '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 28 }).catch(() => ({
    stdout: Buffer.alloc(0),
  }));
  let [beeps, last] = [0, Number.NEGATIVE_INFINITY];
  for (let i = 0; i * 2 + 1 < stdout.length; i++) {
    if (Math.abs(stdout.readInt16LE(i * 2)) < 1000) continue;
    if (i - last > 800) beeps += 1;
    last = i;
  }
  return beeps === 1;
}
