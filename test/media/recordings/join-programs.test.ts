import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { joinPrograms } from '../../../media/recordings/join-programs.ts';
import { fileOf, makeClip } from '../../fixtures/make.ts';
import { flashesAndBeepsIn } from '../../support/flashes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);
const { signal } = new AbortController();

const clip = (file: string, ...more: readonly string[]) =>
  makeClip({
    file,
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=192x108:r=25:d=2', '-f', 'lavfi', '-i', 'sine=d=2:sample_rate=48000'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'mp2', ...more],
    ],
  });

async function hashesOf(path: string): Promise<Record<string, readonly string[]>> {
  const asked = ['-show_data_hash', 'sha256', '-show_entries', 'packet=stream_index,data_hash:stream=id,index'];
  const { stdout } = await run('ffprobe', ['-v', 'quiet', '-of', 'json', ...asked, path], { maxBuffer: 64 << 20 });
  const { packets, streams } = JSON.parse(stdout);
  return Object.fromEntries(
    streams.map(({ id, index }: { id: string; index: number }) => [
      id,
      packets.flatMap((each: { stream_index: number; data_hash: string }) =>
        each.stream_index === index ? [each.data_hash] : [],
      ),
    ]),
  );
}

it.each([
  ['joined.ts', ['-mpegts_service_id', '9', '-mpegts_pmt_start_pid', '300']],
  ['joined.m2ts', ['-mpegts_m2ts_mode', '1']],
] as const)('%s holds each packet of both recordings under the PIDs of the first', async (name, more) => {
  const first = await clip(name, ...more.slice(-2));
  const second = await clip(name, ...more, '-streamid', '0:4352', '-streamid', '1:257'); // 4352 is that of the sound of a camera
  const path = await fileOf(name, Buffer.concat([await readFile(first), await readFile(second)]));
  const output = `${await temporaryFolder()}/${name}`;
  expect(await joinPrograms({ path, output }, signal)).toBeDefined();
  const [one, other, both] = await Promise.all([hashesOf(first), hashesOf(second), hashesOf(output)]);
  const [picture, sound] = Object.keys(one);
  const [otherPicture = '', otherSound = ''] = Object.keys(other);
  expect(both).toEqual({
    [picture ?? '']: [...(one[picture ?? ''] ?? []), ...(other[otherPicture] ?? [])],
    [sound ?? '']: [...(one[sound ?? ''] ?? []), ...(other[otherSound] ?? [])],
  });
  expect((await stat(output)).size).toBe((await stat(path)).size);
});

it.each([
  ['Theora and Vorbis', ['-c:v', 'libtheora', '-g', '12', '-c:a', 'libvorbis']],
  ['VP8 and Opus', ['-c:v', 'libvpx', '-g', '25', '-c:a', 'libopus']],
] as const)('an Ogg of chained recordings of %s holds each packet of all, in step', async (_, codecs) => {
  const flash = "color=black:s=96x64:r=25:d=2,geq=lum='if(between(T,1,1.05),235,16+mod(N,8))':cb=128:cr=128";
  const beep = (seconds: number) => `aevalsrc='if(between(t,1.0005,1.1),0.8*sin(2*PI*1000*t),0)':s=48000:d=${seconds}`;
  const part = (seconds: number, i: number) => {
    const films = ['-f', 'lavfi', '-i', flash, '-f', 'lavfi', '-i', beep(seconds)];
    return makeClip({ file: 'part.ogv', args: [...films, ...codecs, '-serial_offset', `${10 * i}`] });
  };
  const parts = await Promise.all([1.7, 2.4, 2, 1.6].map(part));
  const path = await fileOf('chain.ogv', Buffer.concat(await Promise.all(parts.map((each) => readFile(each)))));
  const output = `${await temporaryFolder()}/one.ogv`;
  const joined = await joinPrograms({ path, output }, signal);
  expect(joined?.told).toMatch(/^the source holds 4 recordings that are chained: .* \(at 0:0\d\.\d+, 0:04/);
  const hashes = await Promise.all([...parts, output].map(packetsOf));
  expect(hashes.at(-1)).toEqual([0, 1].map((stream) => hashes.slice(0, -1).flatMap((each) => each[stream] ?? [])));
  const { flashes, beeps } = await flashesAndBeepsIn(output);
  expect(flashes.length).toBe(4);
  expect(Math.max(...flashes.map((at, i) => Math.abs((beeps[i] ?? Number.NaN) - at)))).toBeLessThan(0.002);
});

/** The hashes of the packets of the picture, and of the sound. */
const packetsOf = (path: string) =>
  Promise.all(
    ['v', 'a'].map(async (stream) => {
      const asked = ['-select_streams', stream, '-show_data_hash', 'sha256', '-show_entries', 'packet=data_hash'];
      const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'json', ...asked, path]);
      return JSON.parse(stdout).packets.map(({ data_hash }: { data_hash: string }) => data_hash);
    }),
  );

it('writes nothing of a film whose PIDs stay, of another container, and of a stopped job', async () => {
  const output = `${await temporaryFolder()}/none`;
  expect(await joinPrograms({ path: await clip('whole.ts'), output }, signal)).toBeUndefined();
  expect(await joinPrograms({ path: await clip('whole.mkv'), output }, signal)).toBeUndefined();
  await expect(stat(output)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('refuses a source that is cut short by its own name', async () => {
  const parts = [await clip('cut.ts'), await clip('cut.ts', '-streamid', '0:288', '-streamid', '1:289')];
  const whole = Buffer.concat(await Promise.all(parts.map((part) => readFile(part))));
  const path = await fileOf('cut.ts', whole.subarray(0, whole.length - 100));
  const task = { path, output: `${await temporaryFolder()}/cut` };
  await expect(joinPrograms(task, signal)).rejects.toMatchObject({
    code: 'truncated',
    message: expect.stringContaining('"cut.ts"'),
  });
});
