import { boxBytes, boxesOf, movieIn, newBox, withBox } from '../bytes/boxes.ts';

/** What a file says of its Dolby Vision (Dolby Vision streams within ISOBMFF, 3.2), by ffprobe's numbers. */
export type DolbyVision = {
  readonly profile: number;
  readonly level: number;
  /** How players without Dolby Vision show the base layer: 1 as HDR10, 2 as SDR, 4 as HLG, 6 as HDR10 of a disc; 0: with wrong colours. */
  readonly compatibility: number;
  readonly hasRpu: boolean;
  readonly hasEnhancementLayer: boolean;
  readonly version: { readonly major: number; readonly minor: number };
};

/** Returns the profile for people, as "profile 8.1". */
export const profileText = ({ profile, compatibility }: DolbyVision): string =>
  `profile ${profile}${profile === 8 || profile === 10 ? `.${compatibility}` : ''}`;

/** Returns the configuration for the sample entry: `dvvC` from profile 8 on, `dvcC` before it. It says that there is no enhancement layer. */
export function configurationBox({ profile, level, compatibility, version }: DolbyVision): Buffer {
  const payload = Buffer.alloc(24);
  payload.writeUInt8(version.major, 0);
  payload.writeUInt8(version.minor, 1);
  const [rpu, base] = [1 << 2, 1];
  payload.writeUInt16BE((profile << 9) | (level << 3) | rpu | base, 2);
  payload.writeUInt8(compatibility << 4, 4);
  return newBox(profile > 7 ? 'dvvC' : 'dvcC', payload);
}

const ENTRY_HEADER = 78;
const STSD_HEADER = 8;

/** Returns a movie box whose first track, the picture, has this box more in its sample entry. */
export function withInEntry(moov: Buffer, added: Buffer): Buffer {
  const movie = movieIn(moov);
  return withBox(moov, movie, ['trak', 'mdia', 'minf', 'stbl', 'stsd'], (stsd) => {
    const entries = boxesOf(moov, stsd.body + STSD_HEADER, stsd.end);
    const type = added.toString('latin1', 4, 8);
    const parts = entries.map((entry) => {
      const inner = boxesOf(moov, entry.body + ENTRY_HEADER, entry.end).filter((box) => box.type !== type);
      const fixed = moov.subarray(entry.body, entry.body + ENTRY_HEADER);
      return newBox(entry.type, fixed, ...inner.map((box) => boxBytes(moov, box)), added);
    });
    return newBox('stsd', moov.subarray(stsd.body, stsd.body + STSD_HEADER), ...parts);
  });
}
