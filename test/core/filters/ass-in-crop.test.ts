import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { assInCrop } from '../../../core/filters/ass-in-crop.ts';
import { cropInFilters } from '../../../core/streams/crop-of-texts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

const SQUARE = '\\p1\\bord0\\shad0}m 0 0 l 12 0 12 12 0 12';
const script = (
  text: string,
  { resolution = 'PlayResX: 256\nPlayResY: 192\n', margins = '0,0,0', alignment = 7 } = {},
) =>
  [
    `[Script Info]\nTitle: x\nScriptType: v4.00+\n${resolution}`,
    '[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, Alignment, MarginL, MarginR, MarginV',
    `Style: Default,Sans,12,&H00FFFFFF,${alignment},60,20,70\n`,
    '[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
    `Dialogue: 0,0:00:00.00,0:00:05.00,Default,,${margins},,${text}\n`,
  ].join('\n');

/** The picture that libass makes of a script over black, before or behind a crop. */
async function rendered(
  text: string,
  { size, crop }: { readonly size: string; readonly crop?: string },
): Promise<Buffer> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'texts.ass'), text);
  const filters = [`ass=${join(folder, 'texts.ass')}`, 'format=gray', ...(crop === undefined ? [] : [crop])].join(',');
  const input = ['-v', 'error', '-f', 'lavfi', '-i', `color=black:s=${size}:d=0.04:r=25,format=rgb24`];
  const args = [...input, '-vf', filters, '-frames:v', '1', '-f', 'rawvideo', '-'];
  return (await run('ffmpeg', args, { encoding: 'buffer' })).stdout;
}

const CROP = 'crop=96:64:16:24';

describe('a script of ASS in the part of its picture that a crop leaves', () => {
  it.each([
    { what: 'a place', text: `{\\pos(80,90)${SQUARE}` },
    { what: 'a place, and a turn about another', text: `{\\pos(80,90)\\org(100,100)\\frz30${SQUARE}` },
    { what: 'a movement', text: `{\\move(60,70,160,150,0,1000)${SQUARE}` },
    { what: 'a clip', text: `{\\pos(80,90)\\clip(84,92,90,100)${SQUARE}` },
    { what: 'what a clip leaves out', text: `{\\pos(80,90)\\iclip(84,92,90,100)${SQUARE}` },
    { what: 'a clip that is drawn', text: `{\\pos(80,90)\\clip(2,m 168 184 l 180 184 180 200)${SQUARE}` },
    { what: 'margins of its style at the top', text: `{${SQUARE}` },
    { what: 'margins of its own at the bottom', text: `{\\an1${SQUARE}`, options: { margins: '90,0,100' } },
    { what: 'margins at the right', text: `{${SQUARE}`, options: { alignment: 9, margins: '0,60,80' } },
    { what: 'a size that is half told', text: `{\\pos(80,90)${SQUARE}`, options: { resolution: 'PlayResX: 256\n' } },
  ])('looks as before, by libass: $what', async ({ text, options = {} }) => {
    const crop = cropInFilters([CROP], { width: 128, height: 96 });
    if (!crop) throw new Error('no crop');
    const before = script(text, options);
    const [was, is] = [
      await rendered(before, { size: '128x96', crop: CROP }),
      await rendered(assInCrop(before, crop), { size: '96x64' }),
    ];
    expect(was.some((level) => level > 128)).toBe(true);
    const off = was.filter((level, i) => Math.abs(level - (is[i] ?? 0)) > 8).length;
    expect(off).toBeLessThanOrEqual(2);
  });

  it('keeps the distance of a text from an edge where its place was cut away, and all other words', () => {
    const before = script('{\\an2\\b1}low', { margins: '0,0,10' }).replaceAll('\n', '\r\n');
    const crop = { width: 128, height: 48, left: 0, top: 24, of: { width: 128, height: 96 } };
    const expected = before
      .replace('PlayResX: 256\r\nPlayResY: 192\r\n', '')
      .replace('[Script Info]\r\n', '[Script Info]\r\nPlayResX: 256\r\nPlayResY: 96\r\n')
      .replace('60,20,70', '60,20,22');
    expect(assInCrop(before, crop)).toBe(expected);
  });

  it('crops the size of the picture that it was laid out for, which gives letters their shape', () => {
    const laidOut = script('', { resolution: 'PlayResX: 256\nPlayResY: 192\nLayoutResX: 640\nLayoutResY: 480\n' });
    expect(assInCrop(laidOut, { left: 0, top: 40, width: 320, height: 160, of: { width: 320, height: 240 } })).toMatch(
      /LayoutResX: 640\nLayoutResY: 320\n/,
    );
  });

  it('takes no longer for blocks that never end', () => {
    const crop = { width: 128, height: 48, left: 0, top: 24, of: { width: 128, height: 96 } };
    for (const endless of ['{', '{\\clip(', '{\\clip(1,m ', '{\\pos(1,'])
      expect(assInCrop(script(endless.repeat(100_000)), crop)).toContain(endless);
  });
});
