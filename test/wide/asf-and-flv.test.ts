import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { asfObject, branding, extendedDescription, markers, scriptCommands, withInHeader } from '../fixtures/asf.ts';
import { script, scriptTag, withScripts } from '../fixtures/flv.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="video/x-flv"/></rdf:RDF></x:xmpmeta>';

const exif = async (path: string, ...asked: readonly string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await run('exiftool', ['-j', ...asked, path])).stdout)[0];

describe('what a WMV says besides its streams', () => {
  let film: string;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    film = join(folder, 'film.wmv');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.6', '-c:v', 'wmv2'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, '-metadata', 'author=Ann', '-metadata', 'title=Film', film]);
    const authors = extendedDescription([
      ['Author', 'Ben'],
      ['Author', 'Cleo'],
      ['WM/Genre', 'Drama'],
    ]);
    const xmp = asfObject('cbcf7abea997e8429c71999491e3afac', Buffer.from(XMP));
    const headed = withInHeader(
      await readFile(film),
      authors,
      scriptCommands(),
      branding(),
      markers('Second half', 0.3),
    );
    await writeFile(film, Buffer.concat([headed, xmp]));
    expect((await exif(film, '-Author', '-XMP:Format')).Format).toBe('video/x-flv');
  });

  it.each(['mp4', 'mkv'])('is kept, all its authors too, or named (%s)', async (container) => {
    const made = await milledFile(film, { ...settings, container });
    const path = made.path(`preserve.${container}`);
    if (container === 'mp4') {
      const bytes = await readFile(path);
      const item = bytes.subarray(bytes.indexOf('\u00a9ART', 0, 'latin1'));
      const texts = ['Ann', 'Ben', 'Cleo'].map((author) => item.indexOf(author));
      expect(texts.every((at, i) => at > (texts[i - 1] ?? 0) && at < 150)).toBe(true);
      expect(await exif(path, '-ItemList:Artist', '-XMP:Format')).toMatchObject({
        Artist: 'Ann',
        Format: 'video/x-flv',
      });
    } else {
      const { stdout } = await run('mkvextract', [path, 'tags', '-']);
      for (const author of ['Ann', 'Ben', 'Cleo']) expect(stdout).toContain(`<String>${author}</String>`);
    }
    const lines = linesOf(made);
    for (const name of ['ScriptCommand', 'ContentBranding'])
      expect(lines).toContainEqual(`file | ${name} | dropped | ASF alone has a place for it; keep the source`);
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', path]);
    expect(JSON.parse(stdout).chapters).toMatchObject([{ tags: { title: 'Second half' } }]);
  });
});

describe('what the scripts of an FLV say', () => {
  it.each(['mp4', 'mkv'])('is kept or named: XMP, texts and cue points together (%s)', async (container) => {
    const film = join(await temporaryFolder(), 'film.flv');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'flv1'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, film]);
    const first = [
      scriptTag(script('onMetaData', { title: 'Prater' })),
      scriptTag(script('onXMPData', { liveXML: XMP })),
      scriptTag(script('onShop', { price: '3' })),
    ];
    const later = [
      scriptTag(script('onTextData', { text: 'Hello', type: 'Text' }), 100),
      scriptTag(script('onCuePoint', { name: 'Inline', time: 0.3, type: 'event' }), 300),
    ];
    await writeFile(film, withScripts(await readFile(film), Buffer.concat(first), Buffer.concat(later)));
    const made = await milledFile(film, { ...settings, container });
    const path = made.path(`preserve.${container}`);
    expect((await exif(path, '-XMP:Format')).Format).toBe(container === 'mp4' ? 'video/x-flv' : undefined);
    const lines = linesOf(made);
    expect(lines).toContainEqual('file | onShop | dropped | FLV alone has a place for it; keep the source');
    expect(lines).toContainEqual(expect.stringMatching(/XMP \| (kept|dropped \| Matroska has no place)/));
    expect(lines).toContainEqual(expect.stringMatching(/cue point Inline \| dropped/));
    expect(lines.filter((line) => /liveXML|price/i.test(line))).toEqual([]);
    expect(made.manifest.streams.filter(({ type }) => type === 'subtitle')).toMatchObject([
      { fate: 'kept', why: expect.stringContaining('in the sidecar') },
    ]);
  });
});
