import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { milledFile, testMill } from '../support/mill.ts';

const ASS = `[Script Info]
ScriptType: v4.00+
PlayResX: 128
PlayResY: 96

[V4+ Styles]
Format: Name, Fontname, Fontsize, Alignment, MarginL, MarginR, MarginV
Style: Default,Sans,12,2,4,4,4

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.20,0:00:00.80,Default,,0,0,0,,{\\pos(20,20)}here
`;

const made = async (settings: Readonly<Record<string, string>>) => {
  const ass = await fileOf('placed.ass', ASS);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=25:duration=1', '-i', ass];
  const source = await makeClip({ file: 'placed.mkv', args: [...picture, '-c:v', 'libx264', '-c:s', 'ass'] });
  const asked = { preset: 'ultrafast', model: 'websr-s-rl', crop: '112:80:8:8' };
  const { manifest, path } = await milledFile(source, { ...asked, ...settings }, 'upscale');
  const line = manifest.streams.find(({ codec }) => codec === 'ass');
  return { line, script: async () => readFile(path(line?.sidecar ?? ''), 'utf8') };
};

it('texts with places in a track of Matroska say that a crop does not move them', async () => {
  const { line } = await made({ container: 'mkv' });
  expect(line?.why).toContain('its places are those of the picture before crop=');
});

it.each([{ container: 'mp4' }, { container: 'mkv', fps: '24' }])(
  'places of ASS beside the film are moved with the crop: %j',
  async (settings) => {
    const { line, script } = await made(settings);
    expect(line).toMatchObject({ fate: 'converted', why: expect.stringContaining('places are moved to the part') });
    const moved = await script();
    expect(moved).toMatch(/^PlayResX: 112\s+PlayResY: 80\s/m);
    expect(moved).toContain('{\\pos(12,12)}here');
  },
);

it('a script that lies beside the source says that a crop does not move it', async () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=25:duration=1', '-c:v', 'libx264'];
  const mill = await testMill();
  const source = await mill.own(await makeClip({ file: 'beside.mkv', args: picture }));
  await writeFile(source.replace(/mkv$/, 'ass'), ASS);
  const asked = { preset: 'ultrafast', model: 'websr-s-rl', crop: '112:80:8:8' };
  const { outcome, manifest } = await mill.run(source, 'upscale', asked);
  expect(outcome).toMatchObject({ status: 'done' });
  const line = (await manifest()).streams.find(({ codec }) => codec === 'ass');
  expect(line).toMatchObject({ fate: 'kept', why: expect.stringContaining('before crop=') });
});
