import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { judgeStructure } from '../../media/structure/judge-structure.ts';
import { annexB, withRate } from '../fixtures/bare-av1.ts';
import { box } from '../fixtures/craft.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const { signal } = new AbortController();
const reasonFor = (path: string) =>
  judgeStructure(path, signal).then(
    ({ family }) => `taken as ${family}`,
    (error: unknown) => String(error),
  );

describe('a photo with a film behind it', () => {
  let folder: string;
  let film: Buffer;
  let picture: Buffer;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const made = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1'];
    await run('ffmpeg', [...made, '-c:v', 'libx264', '-preset', 'ultrafast', at('film.mp4')]);
    await run('ffmpeg', [...made, '-frames:v', '1', at('picture.jpg')]);
    [film, picture] = [await readFile(at('film.mp4')), await readFile(at('picture.jpg'))];
  });

  /** The film as the command in the reason takes it out of the photo. */
  async function takenOut(reason: string, photo: string): Promise<Buffer> {
    const [, skip = '', most = ''] = /tail -c \+(\d+) SOURCE \| head -c (\d+) > NEW\.mp4$/.exec(reason) ?? [];
    await run('sh', ['-c', `tail -c +${skip} "$1" | head -c ${most} > "$2"`, 'sh', photo, at('taken.mp4')]);
    return readFile(at('taken.mp4'));
  }

  it.each([
    { name: "Google's", behind: () => [] },
    {
      name: "Samsung's, with its own list at the end",
      behind: () => [Buffer.from('SEFH\x6b\0\0\0\x01\0\0\0', 'latin1'), Buffer.from('SEFT')],
    },
  ])('is refused with the way to take the film out: $name', async ({ behind }) => {
    const photo = at('photo.jpg');
    await writeFile(photo, Buffer.concat([picture, Buffer.from('MotionPhoto_Data'), film, ...behind()]));
    const reason = await reasonFor(photo);
    expect(reason).toContain('is a motion photo, not a video; the film of');
    expect((await takenOut(reason, photo)).equals(film)).toBe(true);
    expect(await reasonFor(at('taken.mp4'))).toBe('taken as mp4');
  });

  it.each([
    { name: 'in a box of its own', inside: (mp4: Buffer) => box('mpvd', mp4) },
    { name: 'behind the last box', inside: (mp4: Buffer) => mp4 },
  ])('is refused so where the picture is a HEIC, with the film $name', async ({ inside }) => {
    const photo = at('photo.heic');
    const heads = [
      box('ftyp', Buffer.from('heic\0\0\0\0mif1heic')),
      box('meta', Buffer.alloc(20)),
      box('mdat', picture),
    ];
    await writeFile(photo, Buffer.concat([...heads, inside(film)]));
    const reason = await reasonFor(photo);
    expect(reason).toContain('is a motion photo, not a video');
    expect((await takenOut(reason, photo)).equals(film)).toBe(true);
  });

  it('is a picture where no film is behind it', async () => {
    const cut = Buffer.concat([picture, film.subarray(0, 40)]);
    await writeFile(at('cut.jpg'), cut);
    for (const name of ['picture.jpg', 'cut.jpg']) expect(await reasonFor(at(name))).toContain('is a JPEG picture');
  });
});

describe('bare AV1', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'libsvtav1', '-preset', '12'];
    await run('ffmpeg', ['-v', 'error', ...picture, '-f', 'obu', at('film.obu')]);
  });

  it('is taken with every picture, and told that it names no rate', async () => {
    const { manifest } = await milledFile(at('film.obu'), settings);
    expect(manifest.renditions[0]).toMatchObject({ frames: 25, durationSeconds: 1 });
    expect(manifest.warnings.join()).toContain('it does not say how many pictures it shows a second: 25 are taken');
  });

  it('is refused where it is cut, and where it names another rate than the one that ffmpeg takes', async () => {
    const film = await readFile(at('film.obu'));
    await writeFile(at('cut.obu'), film.subarray(0, 100));
    expect(await reasonFor(at('cut.obu'))).toContain('is cut short: its unit at byte');
    await writeFile(at('thirty.obu'), withRate(film, 30));
    expect(await reasonFor(at('thirty.obu'))).toContain(
      'it shows 30 pictures a second, of which ffmpeg would make 25; put it into a container: ffmpeg -framerate 30',
    );
    await writeFile(at('same.obu'), withRate(film, 25));
    expect(await reasonFor(at('same.obu'))).toBe('taken as raw-av1');
  });

  it('of Annex B is refused by its name, and so is RealMedia', async () => {
    await writeFile(at('annex-b.obu'), annexB(await readFile(at('film.obu'))));
    expect(await reasonFor(at('annex-b.obu'))).toContain('is bare AV1 of Annex B, which is not read here');
    const real = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'rv20', at('film.rm')];
    await run('ffmpeg', ['-v', 'error', ...real]);
    expect(await reasonFor(at('film.rm'))).toContain('is a RealMedia film, which is not read here');
  });
});
