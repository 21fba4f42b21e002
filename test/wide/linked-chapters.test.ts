import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const UID = '00112233445566778899aabbccddeeff';

const chapter = (title: string, [from, to]: readonly [string, string], more = '') =>
  [
    `<ChapterAtom><ChapterTimeStart>00:00:0${from}</ChapterTimeStart><ChapterTimeEnd>00:00:0${to}</ChapterTimeEnd>${more}`,
    `<ChapterDisplay><ChapterString>${title}</ChapterString><ChapterLanguage>eng</ChapterLanguage></ChapterDisplay>`,
    '</ChapterAtom>',
  ].join('');

describe('a chapter for which players play another file', () => {
  let film: string;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    const plain = join(folder, 'plain.mp4');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.8', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, plain]);
    const list = join(folder, 'chapters.xml');
    const flags = '<EditionFlagOrdered>1</EditionFlagOrdered><EditionFlagDefault>1</EditionFlagDefault>';
    const linked = chapter('Linked', ['0.2', '0.4'], `<ChapterSegmentUID format="hex">${UID}</ChapterSegmentUID>`);
    const edition = `${flags}${chapter('Own', ['0.4', '0.8'])}${linked}`;
    await writeFile(list, `<?xml version="1.0"?><Chapters><EditionEntry>${edition}</EditionEntry></Chapters>`);
    film = join(folder, 'linked.mkv');
    await run('mkvmerge', ['-q', '-o', film, '--chapters', list, plain]);
  });

  const chaptersIn = async (path: string) => {
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', path]);
    type Chapter = { readonly start_time: string; readonly tags: { readonly title: string } };
    return JSON.parse(stdout).chapters.map(({ start_time, tags }: Chapter) => `${tags.title} ${Number(start_time)}`);
  };

  it.each([
    ['mp4', {}],
    ['webm', { codec: 'av1' }],
  ])('is left out of %s and named', async (container, others) => {
    const made = await milledFile(film, { ...QUICK, evenIfLarger: 'true', container, ...others });
    const [rendition] = made.manifest.renditions;
    expect(await chaptersIn(made.path(`${rendition?.name}.${container}`))).toEqual(['Own 0.4']);
    expect(rendition?.metadata).toContainEqual({
      ...{ place: 'movie', name: 'chapters (of other files)', fate: 'dropped' },
      why: expect.stringMatching(
        /^for these, players of Matroska play a part of another file, .*: "Linked"; container=mkv/,
      ),
    });
  });

  it('stays in Matroska, with the id of that file', async () => {
    const made = await milledFile(film, { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
    const { stdout } = await run('mkvextract', [made.path('preserve.mkv'), 'chapters']);
    expect(stdout.replace(/\s/g, '')).toContain(UID);
  });
});
