import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { QUICK, testMill } from '../support/mill.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=1'];
const sine = ['-f', 'lavfi', '-i', 'sine=d=1:r=22050'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];

it.each([
  { what: 'ends before the picture begins', args: ['-itsoffset', '2', ...picture, ...sine], why: /^it ends before/ },
  { what: 'begins behind it', args: [...picture, '-itsoffset', '2', ...sine], why: /^it begins behind/ },
])('a loop says of sound that $what why it is not there', async ({ args, why }) => {
  const mill = await testMill();
  const source = await makeClip({ file: 'apart.mkv', args: [...args, ...x264, '-c:a', 'aac'] });
  const { outcome, manifest } = await mill.run(source, 'vj');
  expect(outcome).toMatchObject({ status: 'done' });
  const { streams, warnings } = await manifest();
  expect(streams[1]).toMatchObject({ fate: 'dropped', why: expect.stringMatching(why) });
  expect(warnings.filter((line) => line.includes('second way'))).toEqual([]);
});

it('packets of a codec that Matroska does not know lie in a sidecar without their times, and that is said', async () => {
  const mill = await testMill();
  const sound = ['-c:a', 'nellymoser', '-ac', '1'];
  const source = await makeClip({ file: 'chat.flv', args: [...picture, ...sine, '-c:v', 'flv', ...sound] });
  const { manifest, path } = await mill.run(source, 'preserve', { ...QUICK, evenIfLarger: true });
  const stream = (await manifest()).streams.find(({ codec }) => codec === 'nellymoser');
  expect(stream?.why).toMatch(
    /the sidecar; Matroska cannot hold nellymoser, so its packets are there without their times$/,
  );
  expect((await stat(join(path('preserve.mp4'), '..', stream?.sidecar ?? ''))).size).toBeGreaterThan(1000);
});
<<<<<<< HEAD
=======

/** A recording of 25 seconds, whose sound then goes on in another stream with another codec. */
async function changesItsSound(): Promise<string> {
  const part = async (file: string, seconds: number, args: readonly string[]) =>
    readFile(
      await makeClip({
        file,
        args: [
          ...['-f', 'lavfi', '-i', `testsrc2=s=64x64:r=10:d=${seconds}`, '-f', 'lavfi', '-i', `sine=d=${seconds}`],
          ...[...x264, '-streamid', '0:256', ...args],
        ],
      }),
    );
  const first = await part('first.ts', 25, ['-c:a', 'mp2', '-streamid', '1:257']);
  const second = await part('second.ts', 2, ['-c:a', 'ac3', '-streamid', '1:258', '-output_ts_offset', '25']);
  return fileOf('changes.ts', Buffer.concat([first, second]));
}

it('sound that begins later than ffmpeg looks for it lies in a file of bytes, and is kept of the film that its line names', async () => {
  const source = await changesItsSound();
  const mill = await testMill();
  const settings = { ...QUICK, evenIfLarger: true };
  const made = await mill.run(source, 'preserve', settings);
  const { fate, why = '', sidecar = '' } = (await made.manifest()).streams[2] ?? {};
  expect({ fate, why, sidecar }).toEqual({
    ...{ fate: 'kept', sidecar: 'stream-2.bin' },
    why: expect.stringContaining('finds no sound of it (ac3) in the first 20 s'),
  });
  const sound = ['-of', 'csv=p=0', '-show_entries', 'stream=codec_name', '-f', 'ac3', made.path(sidecar)];
  expect((await promisify(execFile)('ffprobe', ['-v', 'error', ...sound])).stdout.trim()).toBe('ac3');

  const whole = join(await temporaryFolder(), 'NEW.mkv');
  const [, args = ''] = /: ffmpeg (.* NEW\.mkv)/.exec(why) ?? [];
  const named: Readonly<Record<string, string>> = { SOURCE: source, 'NEW.mkv': whole };
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...args.split(' ').map((word) => named[word] ?? word)]);
  const again = await (await mill.run(whole, 'preserve', settings)).manifest();
  expect(again.streams[2]).toMatchObject({ codec: 'ac3', fate: 'kept' });
});
>>>>>>> main
