import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { writeOnOneClock } from '../../../media/recordings/write-on-one-clock.ts';
import { fileOf, makeClip } from '../../fixtures/make.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);
const { signal } = new AbortController();

type Packet = {
  readonly stream_index: number;
  readonly pts?: number;
  readonly dts?: number;
  readonly data_hash: string;
};

async function packetsOf(path: string): Promise<readonly Packet[]> {
  const asked = ['-show_data_hash', 'sha256', '-show_entries', 'packet=stream_index,pts,dts,data_hash'];
  const { stdout } = await run('ffprobe', ['-v', 'quiet', '-of', 'json', ...asked, path], { maxBuffer: 64 << 20 });
  return JSON.parse(stdout).packets;
}

const clipAs = (file: string, args: readonly string[]) =>
  makeClip({
    file,
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=4', '-f', 'lavfi', '-i', 'sine=d=4:sample_rate=48000'],
      ...args,
    ],
  });

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-c:a', 'mp2'];
const MPEG = ['-b:v', '2M', '-bf', '2', '-c:a', 'mp2'];

describe.each([
  ['a transport stream', 'whole.ts', H264, false],
  ['the transport stream of a camera', 'whole.m2ts', ['-mpegts_m2ts_mode', '1', ...H264], false],
  ['a program stream', 'whole.vob', ['-f', 'vob', '-c:v', 'mpeg2video', ...MPEG], true],
  ['a program stream of MPEG-1', 'whole.mpg', ['-f', 'mpeg', '-c:v', 'mpeg1video', ...MPEG], true],
] as const)('%s', (_, file, args, isProgram) => {
  /** Its packets before and after their times were moved by an hour, from one or all of these places on. */
  async function moved(path: string, fromByte: number, ticks = 3600 * 90_000) {
    const output = `${await temporaryFolder()}/${file}`;
    await writeOnOneClock({ path, isProgram, moves: [{ fromByte, ticks, beginsSeconds: 0 }], output }, signal);
    return { output, was: await packetsOf(path), is: await packetsOf(output) };
  }

  it('has all its times moved, and nothing else', async () => {
    const { was, is } = await moved(await clipAs(file, args), 0);
    const later = (time: number | undefined) => (time === undefined ? {} : time + 3600 * 90_000);
    expect(is.map(({ data_hash }) => data_hash)).toEqual(was.map(({ data_hash }) => data_hash));
    expect(is.map(({ pts }) => pts ?? {})).toEqual(was.map(({ pts }) => later(pts)));
    expect(is.map(({ dts }) => dts ?? {})).toEqual(was.map(({ dts }) => later(dts)));
  });

  it('has them back when it is moved back, byte for byte', async () => {
    const { output } = await moved(await clipAs(file, args), 0);
    const back = await moved(output, 0, -3600 * 90_000);
    const source = await readFile(await clipAs(file, args));
    expect((await readFile(back.output)).equals(source)).toBe(true);
  });

  it('keeps moving times behind bytes that do not belong to it, up to its end', async () => {
    const whole = await readFile(await clipAs(file, args));
    const cut = Math.floor(whole.length / 2);
    const strange = Buffer.from('47'.repeat(97) + '000001e0'.repeat(3), 'hex');
    const damaged = await fileOf(
      `strange-${file}`,
      Buffer.concat([whole.subarray(0, cut), strange, whole.subarray(cut)]),
    );
    const { was, is } = await moved(damaged, 0);
    const shifts = is.map(({ pts = 0 }, i) => pts - (was[i]?.pts ?? 0));
    const hour = shifts.filter((shift) => shift === 3600 * 90_000).length;
    expect(is).toHaveLength(was.length);
    expect(hour).toBeGreaterThan(0.97 * is.length); // those in which the strange bytes lie may keep their times
    expect(shifts.at(-1)).toBe(3600 * 90_000);
  });
});

it('moves the times of a packet with which the file ends', async () => {
  const whole = await readFile(await clipAs('whole.ts', H264));
  const begins = (at: number) => whole.readUInt16BE(at + 1) === 0x4101; // a PES packet of the sound
  let last = whole.length - 188;
  while (!begins(last)) last -= 188;
  const path = await fileOf('ends.ts', whole.subarray(0, last + 188));
  const output = `${await temporaryFolder()}/ends.ts`;
  await writeOnOneClock(
    { path, isProgram: false, moves: [{ fromByte: 0, ticks: 900_000, beginsSeconds: 0 }], output },
    signal,
  );
  const ends = async (file: string) =>
    (await packetsOf(file)).findLast(({ stream_index }) => stream_index === 1)?.pts ?? 0;
  expect(await ends(output)).toBe((await ends(path)) + 900_000);
});

it('stops when it is told to', async () => {
  const stopped = AbortSignal.abort();
  const task = {
    path: await clipAs('whole.ts', H264),
    isProgram: false,
    moves: [{ fromByte: 0, ticks: 1, beginsSeconds: 0 }],
  };
  const output = `${await temporaryFolder()}/stopped.ts`;
  await expect(writeOnOneClock({ ...task, output }, stopped)).rejects.toMatchObject({ code: 'interrupted' });
});
