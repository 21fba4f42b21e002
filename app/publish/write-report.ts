import type { CropProposal } from '../../core/film/crop-area.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { reportHtml, type SeriesByName } from '../../core/report/report-html.ts';
import { posterOf, type ReportPictures } from '../../core/report/report-pictures.ts';
import type { JobRequest } from '../job-request.ts';

/** The report, and the picture that stands for the film in the page of all films. No manifest lists them. */
export const REPORT = 'report.html';
export const REPORT_POSTER = 'report.jpg';

/** Writes the report, and its poster if pictures were taken; otherwise the poster of before stays. */
export async function writeReport(
  manifest: Manifest,
  {
    series,
    pictures,
    crop,
  }: {
    readonly series: SeriesByName;
    readonly pictures: Readonly<Record<string, ReportPictures>>;
    /** What `crop=auto` found. */
    readonly crop?: CropProposal | undefined;
  },
  { outputPrefix }: Pick<JobRequest, 'outputPrefix'>,
  outputs: ObjectStore,
): Promise<void> {
  await outputs.write(
    `${outputPrefix}/${REPORT}`,
    reportHtml(manifest, series, pictures, crop),
    'text/html; charset=utf-8',
  );
  const [first] = Object.values(pictures);
  const poster = first && posterOf(first.sheet);
  if (poster) await outputs.write(`${outputPrefix}/${REPORT_POSTER}`, Buffer.from(poster.jpeg, 'base64'), 'image/jpeg');
}
