import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { unitsOf } from '../fixtures/picture-notes.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings: RawSettings = { ...QUICK, evenIfLarger: 'true' };

const TAGS = `<?xml version="1.0"?><Tags>
<Tag><Targets><TargetTypeValue>50</TargetTypeValue></Targets>
  <Simple><Name>TITLE</Name><String>The Episode</String></Simple>
  <Simple><Name>SEAL</Name><Binary format="hex">00010203ff</Binary></Simple></Tag>
<Tag><Targets><ChapterUID>101</ChapterUID></Targets><Simple><Name>PLACE</Name><String>of a chapter</String></Simple></Tag>
<Tag><Targets><EditionUID>11</EditionUID></Targets><Simple><Name>CUT</Name><String>of an edition</String></Simple></Tag>
<Tag><Targets><AttachmentUID>77</AttachmentUID></Targets><Simple><Name>FACE</Name><String>of a font</String></Simple></Tag>
<Tag><Targets><TrackUID>42</TrackUID></Targets><Simple><Name>LENS</Name><String>of a track</String></Simple></Tag>
</Tags>`;
const CHAPTERS = `<?xml version="1.0"?><Chapters><EditionEntry><EditionUID>11</EditionUID><ChapterAtom><ChapterUID>101</ChapterUID>
<ChapterTimeStart>00:00:00.000</ChapterTimeStart><ChapterDisplay><ChapterString>One</ChapterString><ChapterLanguage>eng</ChapterLanguage></ChapterDisplay></ChapterAtom></EditionEntry></Chapters>`;

/** Lines of the manifest about metadata as one text each. */
const linesOf = ({ manifest }: Awaited<ReturnType<typeof milledFile>>) =>
  (manifest.renditions[0]?.metadata ?? []).map(({ place, name, fate, why }) => `${place} | ${name} | ${fate} | ${why}`);

const exiftool = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse((await run('exiftool', ['-j', '-G1', '-s', '-n', path])).stdout)[0];

describe('what a film says that its new container cannot', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await ffmpeg(...picture, at('plain.mp4'));
  });

  it('is named: tags of single things, the names of attachments and of the file; what is no text is kept', async () => {
    await writeFile(at('tags.xml'), TAGS);
    await writeFile(at('chapters.xml'), CHAPTERS);
    await writeFile(at('letters.ttf'), 'the bytes of a font');
    const film = at('film.mkv');
    const font = ['--attachment-mime-type', 'font/ttf', '--attachment-description', 'a hand', '--attach-file'];
    await run('mkvmerge', [
      '-q',
      '-o',
      film,
      '--chapters',
      at('chapters.xml'),
      ...font,
      at('letters.ttf'),
      at('plain.mp4'),
    ]);
    const ids = ['--edit', 'info', '--set', 'title=The File', '--edit', 'track:v1', '--set', 'track-uid=42'];
    await run('mkvpropedit', ['-q', film, ...ids, '--attachment-uid', '77', '--update-attachment', '1']);
    await run('mkvpropedit', ['-q', film, '--tags', `all:${at('tags.xml')}`]);
    const made = await milledFile(film, settings);
    expect(linesOf(made)).toEqual(
      expect.arrayContaining([
        'movie | SEAL | converted | written as a tag of MP4',
        'chapter | PLACE | dropped | MP4 has no place for a tag of a chapter; container=mkv keeps it',
        'edition | CUT | dropped | MP4 has no place for a tag of an edition; container=mkv keeps it',
        'attachment | FACE | dropped | MP4 has no place for a tag of an attachment; container=mkv keeps it',
        'track | LENS | dropped | MP4 has no place for a tag of a track; container=mkv keeps it',
        'movie | segment_title | converted | written as a tag of MP4',
      ]),
    );
    expect(made.manifest.streams[1]?.why).toBe(
      'MP4 holds no attachments: "letters.ttf", described as "a hand", is in the sidecar',
    );
    const said = await exiftool(made.path('preserve.mp4'));
    expect(said).toMatchObject({ 'ItemList:Title': 'The Episode', 'Keys:SegmentTitle': 'The File' });
    const { stdout: seal } = await run('exiftool', ['-b', '-iTunes:Seal', made.path('preserve.mp4')], {
      encoding: 'buffer',
    });
    expect([...seal]).toEqual([0, 1, 2, 3, 255]);
  });

  it.each(['mp4', 'mkv'])('is kept as tags: who sends a transport stream, in %s', async (container) => {
    const names = ['-metadata', 'service_name=Kanal Drei', '-metadata', 'service_provider=Anstalt'];
    await ffmpeg('-i', at('plain.mp4'), '-c', 'copy', ...names, at('sent.ts'));
    const made = await milledFile(at('sent.ts'), { ...settings, container });
    const written = container === 'mp4' ? 'written as a tag of MP4' : 'written as a tag of Matroska';
    expect(linesOf(made)).toEqual(
      expect.arrayContaining([
        `movie | service_name | converted | ${written}`,
        `movie | service_provider | converted | ${written}`,
      ]),
    );
    const path = made.path(`preserve.${container}`);
    if (container === 'mp4') {
      expect(await exiftool(path)).toMatchObject({
        'Keys:ServiceName': 'Kanal Drei',
        'Keys:ServiceProvider': 'Anstalt',
      });
    } else {
      const { stdout } = await run('mkvextract', [path, 'tags']);
      expect(stdout).toMatch(/SERVICE_NAME<\/Name>\s*<String>Kanal Drei/);
      expect(stdout).toMatch(/SERVICE_PROVIDER<\/Name>\s*<String>Anstalt/);
    }
  });

  it('keeps light levels that stand alone, and names half a mastering display', async () => {
    await run('mkvmerge', ['-q', '-o', at('light.mkv'), at('plain.mp4')]);
    const set = ['--set', 'max-content-light=1000', '--set', 'max-luminance=900'];
    await run('mkvpropedit', ['-q', at('light.mkv'), '--edit', 'track:v1', ...set]);
    const made = await milledFile(at('light.mkv'), settings);
    const { stdout } = await run('mediainfo', ['--Output=Video;%MaxCLL%', made.path('preserve.mp4')]);
    expect(stdout).toMatch(/^1000 /);
    expect(linesOf(made)).toContainEqual(
      "track 0 | mastering display | dropped | it is told in part (1 of 10 values), and the picture's message needs all of them",
    );
  });

  it('invents no light levels for a mastering display that stands alone', async () => {
    const display =
      'hdr10=1:no-cll=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)';
    await ffmpeg(
      ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-pix_fmt', 'yuv420p10le', '-c:v', 'libx265'],
      ...['-preset', 'ultrafast', '-x265-params', `log-level=error:info=0:${display}`, at('display.mp4')],
    );
    const made = await milledFile(at('display.mp4'), settings);
    const args = ['-v', 'error', '-show_frames', '-read_intervals', '%+#1', '-of', 'json', made.path('preserve.mp4')];
    const { stdout } = await run('ffprobe', args);
    expect(stdout).toContain('Mastering display metadata');
    expect(stdout).not.toContain('Content light level');
  });

  it.each([
    ['preserve', 'preserve.mp4', 'kept', 'each picture keeps its own'],
    ['vj', 'hap.mov', 'dropped', 'only HEVC for the archive carries it'],
  ])('carries or names user data of an unknown id in the pictures: %s', async (recipe, name, fate, why) => {
    const id = '086f3693-b7b3-4f2c-9653-21492feee5b8';
    const message = ['-bsf:v', `h264_metadata=sei_user_data=${id}+of a camera`];
    await ffmpeg('-i', at('plain.mp4'), '-c', 'copy', ...message, at('messages.mp4'));
    const made = await milledFile(at('messages.mp4'), recipe === 'vj' ? {} : settings, recipe);
    const hex = id.replaceAll('-', '');
    const told = linesOf(made).filter((line) => line.includes('user data'));
    expect(told).toEqual([`track 0 | user data ${hex} | ${fate} | ${why}`]);
    if (fate === 'dropped') return;
    await ffmpeg('-i', made.path(name), '-c', 'copy', '-bsf:v', 'hevc_mp4toannexb', at('made.h265'));
    const units = unitsOf(await readFile(at('made.h265')));
    const said = units.filter(({ type, bytes }) => type === 39 && bytes.includes(Buffer.from(hex, 'hex')));
    expect(said.map(({ bytes }) => bytes.includes('of a camera'))).toEqual([true]);
    expect(made.manifest.warnings).toEqual([]);
  });
});
