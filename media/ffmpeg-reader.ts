import type { FilmReader, Source, Survey } from '../core/ports/film-reader.ts';
import type { WorkOptions } from '../core/ports/work-options.ts';
import { readSpherical } from './join/spherical-file.ts';
import { chaptersOfMp4 } from './probe/chapters-of-mp4.ts';
import { coverDamage } from './probe/cover-damage.ts';
import { descriptionOf, fileMap } from './probe/file-map.ts';
import { findDamage, saidBefore } from './probe/find-damage.ts';
import { frameSurvey } from './probe/frame-survey.ts';
import { hashFile, sumsOfFile } from './probe/hash-file.ts';
import { inspect } from './probe/inspect.ts';
import { measureFields } from './probe/measure-fields.ts';
import { packetHashes } from './probe/packet-hashes.ts';
import { packetSurvey, timesSurvey, withoutAdts, withSamples } from './probe/packet-survey.ts';
import { pictureShapes } from './probe/picture-shapes.ts';
import { proposeCrop } from './probe/propose-crop.ts';
import { notesFound } from './probe/read-picture-notes.ts';
import { shapeRuns } from './probe/shape-runs.ts';
import { withChanges } from './probe/sound-changes.ts';
import { soundDamage } from './probe/sound-damage.ts';
import { withTextTimes } from './probe/text-times.ts';
import { unsteadyFrames } from './probe/unsteady-frames.ts';
import { fragmentMap, soundMap } from './structure/fragment-map.ts';
import { readMatroska } from './structure/matroska-description.ts';
import { readHeaders } from './structure/mp4-headers.ts';
import { readMetadata } from './structure/mp4-metadata.ts';
import { readPictureMarks } from './structure/picture-marks.ts';
import { withItsDecoder } from './tools/picture-decoder.ts';
import type { Toolbox } from './tools/toolbox.ts';

/** Returns a reader of films that uses ffmpeg, ffprobe and our own readers of containers. */
export function ffmpegReader(toolbox: Toolbox): FilmReader {
  const ffmpeg = toolbox.ffmpeg.path;
  const { ffprobe } = toolbox;
  /** Returns the survey with sound hashed so that it can be compared between containers. */
  async function comparable<Surveyed extends Pick<Survey, 'streams'>>(
    source: Source,
    survey: Surveyed,
    { signal }: WorkOptions,
  ): Promise<Surveyed> {
    const compared = await withoutAdts(ffmpeg, source, await withSamples(ffmpeg, source, survey, signal), signal);
    return withTextTimes(ffmpeg, source, compared, signal);
  }
  return {
    inspect: async (path, signal, how) =>
      withItsDecoder(toolbox.ffmpeg, await inspect(ffprobe, { path, ...how }, signal)),
    survey: async (source, options) => {
      const survey = await comparable(source, await packetSurvey(ffprobe, source, options), options);
      return withChanges(ffmpeg, source, survey, options.signal);
    },
    fileMap: (source, signal) => fileMap(ffprobe, source, signal),
    description: (source, signal) => descriptionOf(ffprobe, source, signal),
    packetHashes: (reading, signal) => packetHashes(ffmpeg, reading, signal),
    surveyTimes: async (source, options) => comparable(source, await timesSurvey(ffprobe, source, options), options),
    surveyFrames: (source, options) => frameSurvey(ffmpeg, source, options),
    unsteadyFrames: (source, signal) => unsteadyFrames(ffmpeg, source, signal),
    pictureShapes: (source, signal) => pictureShapes({ ffmpeg, ffprobe }, source, signal),
    shapeRuns: (source, signal) => shapeRuns(ffprobe, source, signal),
    measureFields: (source, film, signal) => measureFields(ffmpeg, source, film, signal),
    proposeCrop: (source, durationSeconds, signal) => proposeCrop(ffmpeg, source, durationSeconds, signal),
    spherical: readSpherical,
    metadata: readMetadata,
    pictureNotes: (task, signal) => notesFound({ ffmpeg, ffprobe }, task, signal),
    matroska: readMatroska,
    pictureMarks: readPictureMarks,
    movieHeaders: readHeaders,
    movieChapters: (source, signal) => chaptersOfMp4(ffmpeg, source, signal),
    findDamage: (search, signal) => findDamage(ffmpeg, search, signal),
    coverDamage: (source, signal) => coverDamage(ffmpeg, source, signal),
    soundDamage: (source, sounds, signal) => soundDamage(ffmpeg, source, sounds, signal),
    saidBefore: (search, signal) => saidBefore(ffmpeg, search, signal),
    fragments: fragmentMap,
    soundFragments: soundMap,
    hash: hashFile,
    fileInfo: sumsOfFile,
  };
}
