import { matroskaDifferences } from '../description/matroska.ts';
import { headerDifferences } from '../description/movie-headers.ts';
import { metadataDifferences } from '../description/movie-metadata.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import { hasCoversOfBoxes } from './copied-files.ts';
import type { Evidence } from './evidence.ts';
import { unprovenLines } from './line-proof.ts';
import { outputStartOfPicture } from './planned-pairs.ts';

/** Compares how the file describes the film with what was planned; no check where nothing was. */
export function descriptionChecks({
  metadata: { wanted, found, lines, headers },
  matroska,
  clap,
  spatial,
  stereo,
  reel,
  notes,
  output,
  seconds,
}: Evidence): readonly Check[] {
  const isSaid = lines.some(({ fate }) => fate !== 'dropped');
  if (wanted.length === 0 && !matroska && !clap && !spatial && reel === undefined && !isSaid && !headers) return [];
  // chapters are counted from 0; the delay of Opus lets a file begin before it
  const late = output.probe.startSeconds + outputStartOfPicture(output) - (seconds.at(0) ?? 0);
  const boxes = matroska
    ? matroskaDifferences(matroska.wanted, matroska.found, late)
    : metadataDifferences(wanted, found);
  const hasReel = reel === undefined || output.probe.streams.some(({ tags }) => tags.reel_name === reel);
  const hasCovers = hasCoversOfBoxes({ matroska, output });
  const others = [
    clap && !clap.found?.equals(clap.wanted) && 'clap',
    !hasReel && 'reel_name',
    !hasCovers && 'covr',
    ...(spatial?.wanted ?? []).map(
      (box) => !spatial?.found.some((each) => each.equals(box)) && box.toString('latin1', 4, 8),
    ),
  ];
  const unproven = unprovenLines(lines, {
    ...{ probe: output.probe, boxes: found, matroska: matroska?.found, clap: clap?.found, stereo },
    hasSpatial: spatial !== undefined,
    hasHeaders: headers?.found !== undefined,
    hasNotes: notes !== undefined && notes.wanted.length > 0,
  });
  const ofHeaders = headers ? headerDifferences(headers.wanted, headers.found) : [];
  const missing = [
    ...new Set([...boxes, ...ofHeaders, ...others.filter((name) => typeof name === 'string'), ...unproven]),
  ];
  const detail = missing.length > 0 ? `missing or changed: ${missing.slice(0, 5).join(', ')}` : 'byte for byte';
  return [check('metadata as planned', missing.length === 0, detail)];
}
