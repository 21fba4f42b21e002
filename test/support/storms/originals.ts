import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export type Original = { readonly name: string; readonly bytes: Buffer };

const FILM = 'demo/clips/dog-320x180.mp4';
const CLIP = ['-i', FILM, '-t', '1.2'];
const SMALL = ['-vf', 'scale=160:90', '-g', '12'];
const H264 = [...SMALL, '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
const TONE = ['-f', 'lavfi', '-i', 'sine=d=1.2', '-map', '0:v', '-map', '1:a'];

/** The real clip in the containers that people drop, small: its pictures are encoded anew, and a tone goes with most of them. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'front.mp4': [...TONE, ...H264, '-c:a', 'aac', '-movflags', '+faststart'],
  'behind.mov': [...TONE, ...H264, '-c:a', 'pcm_s16le'],
  'fragments.mp4': [...TONE, ...H264, '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov'],
  'hevc.mp4': [...SMALL, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none'],
  'film.mkv': [...TONE, ...H264, '-c:a', 'libopus'],
  'film.webm': [...TONE, ...SMALL, '-c:v', 'libvpx-vp9', '-cpu-used', '8', '-c:a', 'libopus'],
  'broadcast.ts': [...TONE, ...H264, '-c:a', 'aac'],
  'disc.mpg': [...TONE, ...SMALL, '-c:v', 'mpeg2video', '-c:a', 'mp2', '-r', '25', '-f', 'dvd'],
  'camera.avi': [...TONE, ...SMALL, '-c:v', 'mjpeg', '-c:a', 'pcm_s16le'],
  'web.flv': [...TONE, ...H264, '-c:a', 'aac'],
  'archive.mxf': [...TONE, ...SMALL, '-c:v', 'mpeg2video', '-r', '25', '-c:a', 'pcm_s16le', '-ar', '48000'],
  'editor.mov': [...SMALL, '-c:v', 'prores_ks', '-profile:v', '0'],
};

/** Returns the originals, made at the first call and kept in the folder. */
export async function originals(folder: string): Promise<readonly Original[]> {
  const made: Original[] = [];
  for (const [name, args] of Object.entries(KINDS)) {
    const path = join(folder, name);
    if (!existsSync(path)) {
      const draft = join(folder, `draft-${name}`);
      await execa('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...CLIP, ...args, draft]);
      await rename(draft, path);
    }
    made.push({ name, bytes: await readFile(path) });
  }
  return made;
}
