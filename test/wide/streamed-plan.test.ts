import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { planDrop } from '../../app/plan/plan-drop.ts';
import { collectedKeys } from '../../core/job/drop.ts';
import { jobIdOf } from '../../core/job/job.ts';
import { ladder } from '../../core/recipes/ladder.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { makeClip } from '../fixtures/make.ts';
import { testMill } from '../support/mill.ts';

const small = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }],
};

const beep = (hertz: number, channels: number) => [
  ...['-f', 'lavfi', '-i', `aevalsrc=${Array(channels).fill(`sin(${hertz}*t)`).join('|')}:s=48000:d=1`],
];
const TEXT = 'WEBVTT\n\n00:00.200 --> 00:00.500\nHello\n';
const INPUTS = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1', ...beep(500, 1), ...beep(700, 6)];

it.each([
  ['a Matroska with two sounds, one of them 5.1, and texts', 'plan.mkv', ['-c:s', 'copy'], {}],
  ['an MP4 of which a text is not wanted', 'plan.mp4', ['-c:s', 'mov_text'], { subtitles: 'deu' }],
])('plans a ladder of %s as it is made', async (_, file, texts, chosen) => {
  const mill = await testMill();
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a:0', 'aac', '-c:a:1', 'ac3'];
  const named = ['-metadata:s:s:0', 'language=eng', '-metadata:s:s:1', 'language=ger'];
  const maps = ['-i', '@a.vtt', '-i', '@a.vtt', ...[0, 1, 2, 3, 4].flatMap((input) => ['-map', `${input}`])];
  const args = [...INPUTS, ...maps, ...coded, ...texts, ...named];
  const source = await mill.own(await makeClip({ file, files: { 'a.vtt': TEXT }, args }), file);
  const settings = { preset: 'ultrafast', ...chosen } as const;
  const { signal } = new AbortController();
  const local = await openLocal(join(mill.folder, 'plans'), signal, () => {});
  try {
    const out = join(mill.folder, 'planned');
    const id = jobIdOf({ store: out, recipe: small.id, source: file, version: '' });
    const request = { recipe: small, settings, source: file, ...collectedKeys(small.id, file), id };
    const ports = local.portsFor({ sources: join(mill.folder, 'in'), outputs: out });
    const planned = (await planDrop(request, ports, signal)).streams;
    const { streams } = await (await mill.run(source, small, settings)).manifest();
    expect(planned).toEqual(streams.map(({ index, type, codec, fate, why }) => ({ index, type, codec, fate, why })));
    expect(streams.filter(({ fate }) => fate === 'dropped')).toHaveLength('subtitles' in chosen ? 1 : 0);
  } finally {
    await local.close();
  }
});
