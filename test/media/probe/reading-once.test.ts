import { copyFile, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FilmReader, Source } from '../../../core/ports/film-reader.ts';
import { ffmpegReader } from '../../../media/ffmpeg-reader.ts';
import { readingOnce } from '../../../media/probe/reading-once.ts';
import { clip } from '../../fixtures/make.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const signal = new AbortController().signal;
const options = { signal, onProgress: () => {} };

/** Real reading, and how often each part of it was done. */
async function counted() {
  const toolbox = await freshToolbox(signal);
  const real = ffmpegReader(toolbox);
  const counts: Record<string, number> = {};
  const count = <T>(name: string, reading: Promise<T>) => {
    counts[name] = (counts[name] ?? 0) + 1;
    return reading;
  };
  const counting: FilmReader = {
    ...real,
    hash: (...given) => count('hash', real.hash(...given)),
    inspect: (...given) => count('inspect', real.inspect(...given)),
    survey: (...given) => count('survey', real.survey(...given)),
    surveyFrames: (...given) => count('surveyFrames', real.surveyFrames(...given)),
    measureFields: (...given) => count('measureFields', real.measureFields(...given)),
  };
  return { counts, reader: readingOnce(counting) };
}

async function readAll(reader: FilmReader, path: string) {
  const { probe } = await reader.inspect(path, signal);
  const source: Source = { path, probe, stream: 0 };
  return [
    await reader.hash(path, options),
    probe,
    await reader.survey(source, options),
    await reader.surveyFrames(source, options),
    await reader.measureFields(source, { durationSeconds: 1 }, signal),
  ];
}

describe('a source that several recipes read', () => {
  let path: string;
  beforeEach(async () => {
    path = join(await temporaryFolder(), 'clip.mp4');
    await copyFile(await clip('cfr'), path);
  });

  it('is read once, and each is told the same', async () => {
    const { reader, counts } = await counted();
    const first = await readAll(reader, path);
    expect(await readAll(reader, path)).toEqual(first);
    expect(counts).toEqual({ hash: 1, inspect: 1, survey: 1, surveyFrames: 1, measureFields: 1 });
  });

  it.each([
    { how: 'was replaced', change: async () => copyFile(await clip('vfr'), path) },
    { how: 'has other bytes of the same length and time', change: () => sameLengthAndTime(path) },
  ])('is read again where it $how', async ({ change }) => {
    const { reader } = await counted();
    const before = await reader.hash(path, options);
    await change();
    expect(await reader.hash(path, options)).not.toBe(before);
  });

  it('is read again where it is to be told where its packets lie', async () => {
    const { reader } = await counted();
    const { probe } = await reader.inspect(path, signal);
    const source: Source = { path, probe, stream: 0 };
    expect(await reader.survey(source, options)).not.toHaveProperty('places');
    const { places } = await reader.survey(source, { ...options, tellsPlaces: true });
    expect(places?.positions.length).toBeGreaterThan(0);
  });

  it('is decoded again where it is to be decoded by one thread', async () => {
    const { reader, counts } = await counted();
    const { probe } = await reader.inspect(path, signal);
    for (const steady of [probe, { ...probe, byOneThread: true as const }, probe])
      await reader.surveyFrames({ path, probe: steady, stream: 0 }, options);
    expect(counts).toMatchObject({ surveyFrames: 2 });
  });

  it('is read again where reading it failed or was stopped', async () => {
    const { reader, counts } = await counted();
    const stopped = { ...options, signal: AbortSignal.abort() };
    await expect(reader.hash(path, stopped)).rejects.toThrow();
    expect(await reader.hash(path, options)).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(path, 'no video');
    await expect(reader.inspect(path, signal)).rejects.toMatchObject({ code: 'not-video' });
    await expect(reader.inspect(path, signal)).rejects.toMatchObject({ code: 'not-video' });
    expect(counts).toEqual({ hash: 2, inspect: 2 });
  });

  it('that is not there is said by whoever reads it', async () => {
    const { reader } = await counted();
    await expect(reader.inspect(`${path}.none`, signal)).rejects.toMatchObject({ code: 'no-input' });
  });
});

async function sameLengthAndTime(path: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  const bytes = await readFile(path);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(path, bytes);
  await utimes(path, atime, mtime);
}
