import type { JobRendition } from '../api/answers.ts';

/** What browsers decode: AVC and AV1 in MP4. HEVC, ProRes and HAP are for players and programs outside of the page. */
const isPlayable = ({ codecString, path }: Pick<JobRendition, 'codecString' | 'path'>): boolean =>
  /^(avc1|avc3|av01)\b/.test(codecString) && /\.(mp4|m4v|webm)$/i.test(path);

/** The rendition to show first: the largest that the page can play. */
export const firstPlayable = (renditions: readonly JobRendition[]): JobRendition | undefined =>
  renditions.filter(isPlayable).sort((a, b) => b.width * b.height - a.width * a.height)[0];
