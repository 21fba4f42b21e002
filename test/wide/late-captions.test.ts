import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { beforeEachPicture, captionPairs, withCaptions, withMpeg2Captions } from '../fixtures/captions.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const ID = '086f3693b7b34f2c965321492feee5b8';

describe('what stands in pictures far behind the first', () => {
  let folder: string;
  let h264: Buffer;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2.8', '-c:v', 'libx264', '-bf', '0'];
    const alone = ['-preset', 'ultrafast', '-x264-params', 'slices=1:threads=1', '-pix_fmt', 'yuv420p'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, ...alone, at('plain.h264')]);
    h264 = await readFile(at('plain.h264'));
    await writeFile(at('large.bin'), Buffer.alloc(5 * 2 ** 20, 'not a picture'));
  });
  /** A film whose pictures lie behind an attachment of 5 MiB. */
  const film = async (name: string, bytes: Buffer) => {
    await writeFile(at('edited.h264'), bytes);
    const attached = ['-attach', at('large.bin'), '-metadata:s:t', 'mimetype=application/octet-stream'];
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-r',
      '25',
      '-i',
      at('edited.h264'),
      ...attached,
      '-c',
      'copy',
      at(name),
    ]);
    return at(name);
  };

  it('is found: captions that begin behind the first 4 MiB, and behind the first picture', async () => {
    const said = captionPairs(70, [{ text: 'HELLO', from: 65, to: 68 }]);
    const { path, manifest } = await milledFile(await film('late.mkv', withCaptions(h264, said, 50)), settings);
    expect(await readFile(path('stream-0.srt'), 'utf8')).toContain('HELLO');
    expect(manifest.streams[0]?.why).toContain('closed captions');
  });

  it('is found: user data', async () => {
    const said = Buffer.concat([Buffer.from(ID, 'hex'), Buffer.from('of a camera')]);
    const unit = Buffer.concat([Buffer.from([0, 0, 0, 1, 6, 5, said.length]), said, Buffer.from([0x80])]);
    const source = await film(
      'user.mkv',
      beforeEachPicture(h264, (frame) => (frame < 50 ? Buffer.alloc(0) : unit)),
    );
    const { path, manifest } = await milledFile(source, settings);
    expect(manifest.renditions[0]?.metadata).toContainEqual(
      expect.objectContaining({ name: `user data ${ID}`, fate: 'kept' }),
    );
    expect((await readFile(path('preserve.mp4'))).includes(said)).toBe(true);
  });

  it('is beside the film where each of 50 fields becomes a picture, and the warning says so', async () => {
    const fields = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=160x120:r=50:d=2.4',
      '-vf',
      'tinterlace=interleave_top,setfield=tff',
    ];
    const codec = ['-c:v', 'mpeg2video', '-q:v', '3', '-flags', '+ilme+ildct', '-top', '1', '-g', '12', '-bf', '0'];
    await run('ffmpeg', ['-v', 'error', '-y', ...fields, ...codec, at('fields.m2v')]);
    const said = captionPairs(60, [{ text: 'HELLO', from: 20, to: 40 }]);
    await writeFile(at('said.m2v'), withMpeg2Captions(await readFile(at('fields.m2v')), said));
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-fflags',
      '+genpts',
      '-r',
      '25',
      '-i',
      at('said.m2v'),
      '-c',
      'copy',
      at('fields.ts'),
    ]);
    const { path, manifest } = await milledFile(at('fields.ts'), settings);
    expect(manifest.renditions[0]).toMatchObject({ fields: { pictures: 2 } });
    expect(await readFile(path('stream-0.srt'), 'utf8')).toContain('00:00:00,800 --> 00:00:01,600\nHELLO');
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/captions/));
  });
});
