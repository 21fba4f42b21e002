import { profileText } from '../film/dolby-vision.ts';
import { mainVideo } from '../film/probe.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Evidence } from './evidence.ts';

/** Returns the check of what belongs to single pictures; none where nothing of the kind was carried. */
export function noteChecks({ notes, source, output }: Evidence): readonly Check[] {
  if (!notes || notes.wanted.length === 0) return [];
  const wrong = notes.wanted.filter(
    ({ kind, sha256 }) => notes.found.find((each) => each.kind === kind)?.sha256 !== sha256,
  );
  const hasDolby = notes.wanted.some(({ kind }) => kind === 'dolbyVision');
  const said = (of: typeof source.video | undefined) =>
    of?.hdr.dolbyVision ? `${profileText(of.hdr.dolbyVision)}, level ${of.hdr.dolbyVision.level}` : 'nothing';
  const made = mainVideo(output.probe)?.video;
  const isSaid = !hasDolby || said(made) === said(source.video);
  const counts = notes.wanted.map(({ kind, pictures }) => `${kind} of ${pictures} pictures`).join(', ');
  const detail =
    wrong.length > 0
      ? `${wrong.map(({ kind }) => kind).join(', ')} not as in the source`
      : isSaid
        ? `${counts}: equal by hash`
        : `the file says of Dolby Vision: ${said(made)}, not ${said(source.video)}`;
  return [check('each picture keeps what belongs to it', wrong.length === 0 && isSaid, detail)];
}
