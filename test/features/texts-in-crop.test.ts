import { expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { milledFile } from '../support/mill.ts';

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

it.each([
  { crop: '112:80:8:8', fps: '25' },
  { crop: '112:80:8:8', fps: '24' },
])('texts with places say that a crop does not move them, with $crop and fps=$fps', async ({ crop, fps }) => {
  const ass = await fileOf('placed.ass', ASS);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=25:duration=1', '-i', ass];
  const source = await makeClip({ file: 'placed.mkv', args: [...picture, '-c:v', 'libx264', '-c:s', 'ass'] });
  const asked = { preset: 'ultrafast', model: 'websr-s-rl', container: 'mkv', crop };
  const { manifest } = await milledFile(source, { ...asked, ...(fps !== '25' && { fps }) }, 'upscale');
  const placed = { codec: 'ass', why: expect.stringContaining('its places are those of the picture before crop=') };
  expect(manifest.streams).toContainEqual(expect.objectContaining(placed));
});
