import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fullMatroska, plainMatroska } from '../fixtures/full-matroska.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true', container: 'mkv' };

/** What mkvmerge says of a file. */
const identified = async (path: string) => JSON.parse((await run('mkvmerge', ['-J', path])).stdout);

const attachmentsOf = ({ attachments }: { attachments: readonly Record<string, unknown>[] }) =>
  attachments.map(({ file_name, content_type, size }) => ({ file_name, content_type, size }));

const extracted = async (path: string, what: 'chapters' | 'tags') =>
  (await run('mkvextract', [path, what, ...(what === 'chapters' ? [] : [])])).stdout;

/** When the loudest sample is heard and when the first picture is shown, in seconds of the file. */
async function impulse(path: string) {
  const args = ['-v', 'error', '-copyts', '-i', path, '-map', '0:a:0', '-af', 'asettb=1/48000,ashowinfo', '-f', 'f32le', '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 2 ** 26 });
  const samples = new Float32Array(stdout.buffer, stdout.byteOffset, stdout.length / 4);
  let loudest = 0;
  for (let i = 0; i < samples.length; i++) if (Math.abs(samples[i] ?? 0) > Math.abs(samples[loudest] ?? 0)) loudest = i;
  const of = async (stream: string) => {
    const shown = ['-v', 'error', '-select_streams', stream, '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path];
    return Number((await run('ffprobe', shown)).stdout.split('\n')[0]?.replace(',', ''));
  };
  return loudest / 48_000 + (await of('a:0')) - (await of('v:0'));
}

describe('a film in Matroska that is made into Matroska', () => {
  let folder: string;
  let plain: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = await plainMatroska(folder);
  });

  it.each(['font first', 'cover first'] as const)('keeps attachments, languages, flags, editions and tags, %s', async (order) => {
    const source = await fullMatroska(folder, plain, { order });
    const { path, manifest } = await milledFile(source, settings);
    const made = path('preserve.mkv');
    const [before, after] = [await identified(source), await identified(made)];
    expect(after.warnings).toEqual([]);
    expect(attachmentsOf(after)).toEqual(attachmentsOf(before));
    const said = ({ tracks }: { tracks: readonly { type: string; properties: Record<string, unknown> }[] }) =>
      tracks.map(({ type, properties: { uid, language, language_ietf, track_name, ...rest } }) => ({
        ...{ type, uid, language, language_ietf, track_name, default: rest.default_track, forced: rest.forced_track },
        ...{ original: rest.flag_original, commentary: rest.flag_commentary, hearing: rest.flag_hearing_impaired },
      }));
    expect(said(after)).toEqual(said(before));
    expect(said(after)).toMatchObject([
      {},
      { language_ietf: 'pt-BR', original: true, commentary: true, default: false },
      { language_ietf: 'zh-Hant', forced: true, hearing: true, track_name: 'Signs' },
    ]);
    expect(await extracted(made, 'chapters')).toBe(await extracted(source, 'chapters'));
    expect(after.container.properties.title).toBe('The Episode');
    const tags = await extracted(made, 'tags');
    for (const text of ['The Show', '<TargetTypeValue>60<', 'SORT_WITH', '1999-04-01', '\u00dcn\u00efcode'])
      expect(tags).toContain(text);
    expect(tags).not.toMatch(/mkvmerge|Lavc|Lavf/);
    const counts = [...tags.matchAll(/<Name>NUMBER_OF_FRAMES<\/Name>\s*<String>(\d+)/g)].map(([, count]) => Number(count));
    expect(counts).toEqual([25, 51, 1]);
    expect(manifest.renditions[0]?.checks).toContainEqual(expect.objectContaining({ name: 'metadata as planned', passed: true }));
    const back = join(folder, 'letters.back');
    const font = after.attachments.find(({ file_name: name }: { file_name: string }) => name === 'letters.ttf').id;
    await run('mkvextract', [made, 'attachments', `${font}:${back}`]);
    expect(await readFile(back, 'utf8')).toBe('the bytes of a font');
  });

  it('keeps Opus where it was through three generations', async () => {
    const places = [await impulse(plain)];
    let source = plain;
    for (let i = 0; i < 3; i++) {
      const { path } = await milledFile(source, settings);
      source = path('preserve.mkv');
      places.push(await impulse(source));
    }
    for (const place of places) expect(Math.abs(place - (places[0] ?? 0))).toBeLessThanOrEqual(0.001);
    const delays = async (path: string) => /Codec-inherent delay: (\S+)/.exec((await run('mkvinfo', [path])).stdout)?.[1];
    expect(await delays(source)).toBe(await delays(plain));
  });
});
