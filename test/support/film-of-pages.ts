import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** The film behind the answers of the pages, in fragments, as results of `ladder` are. */
export async function filmOfPages() {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-pages-'));
  const path = join(folder, 'hd.mp4');
  const fragments = ['-c', 'copy', '-movflags', '+frag_keyframe+empty_moov+default_base_moof'];
  await execa('ffmpeg', ['-v', 'error', '-i', 'demo/clips/dog-320x180.mp4', ...fragments, path]);
  return { media: { '/media/hd.mp4': path }, remove: () => rm(folder, { recursive: true, force: true }) };
}
