import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { script, scriptTag, withScripts } from '../fixtures/flv.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

describe('cue points of an FLV', () => {
  let film: string;
  beforeAll(async () => {
    film = join(await temporaryFolder(), 'cues.flv');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'flv1'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, film]);
    const cue = (name: string) => ({ name, time: 0.2, type: 'event', parameters: { lang: 'en' } });
    const said = { title: 'Prater', cuePoints: [cue('Cue1'), cue('Cue2')] };
    const first = scriptTag(script('onMetaData', said));
    const later = scriptTag(script('onCuePoint', cue('Inline')), 300);
    await writeFile(film, withScripts(await readFile(film), first, later));
  });

  it.each(['mp4', 'mkv'])('are named, and become neither tags nor subtitles (%s)', async (container) => {
    const made = await milledFile(film, { ...QUICK, evenIfLarger: 'true', container });
    const lines = made.manifest.renditions[0]?.metadata ?? [];
    expect(lines.flatMap(({ name, fate }) => (fate === 'dropped' ? [] : [name]))).toEqual(['title']);
    const dropped = lines.flatMap(({ name }) => (name.startsWith('cue point') ? [name] : []));
    expect(dropped).toEqual(['cue point Cue1', 'cue point Cue2', 'cue point Inline']);
    const subtitles = made.manifest.streams.filter(({ type }) => type === 'subtitle');
    expect(subtitles).toMatchObject([{ fate: 'kept', why: expect.stringContaining('cue points of FLV') }]);
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      '-show_streams',
      '-show_format',
      '-of',
      'json',
      made.path(`preserve.${container}`),
    ]);
    const { streams, format } = JSON.parse(stdout);
    expect(streams).toHaveLength(1);
    expect(Object.values(format.tags)).toContain('Prater');
    for (const invented of ['Cue1', 'Inline', 'event', 'en'])
      expect(Object.values(format.tags)).not.toContain(invented);
  });
});
