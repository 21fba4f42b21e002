import { matroskaDifferences } from '../film/matroska.ts';
import { metadataDifferences } from '../film/movie-metadata.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Evidence } from './evidence.ts';

/** Compares how the file describes the film with what was planned; no check where nothing was. */
export function descriptionChecks({
  metadata: { wanted, found },
  matroska,
  clap,
  reel,
  output,
}: Evidence): readonly Check[] {
  if (wanted.length === 0 && !matroska && !clap && reel === undefined) return [];
  const boxes = matroska ? matroskaDifferences(matroska.wanted, matroska.found) : metadataDifferences(wanted, found);
  const hasReel = reel === undefined || output.probe.streams.some(({ tags }) => tags.reel_name === reel);
  const clapOrReel = [clap && !clap.found?.equals(clap.wanted) && 'clap', !hasReel && 'reel_name'];
  const missing = [...boxes, ...clapOrReel.filter((name) => typeof name === 'string')];
  const detail = missing.length > 0 ? `missing or changed: ${missing.slice(0, 5).join(', ')}` : 'byte for byte';
  return [check('metadata as planned', missing.length === 0, detail)];
}
