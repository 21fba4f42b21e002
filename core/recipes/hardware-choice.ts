import { usage } from '../errors.ts';
import type { CodecName } from '../settings/codec-settings.ts';
import type { Maker } from '../settings/makers.ts';
import type { RenditionSpec } from '../settings/rendition-spec.ts';
import type { Settings } from '../settings/settings.ts';

/** What a graphics card encodes in the stead of what. */
const INSTEAD: Readonly<Record<Maker, Partial<Record<CodecName, CodecName>>>> = {
  nvenc: { x265: 'hevc-nvenc', x264: 'h264-nvenc', 'x265-intra': 'hevc-nvenc-intra' },
  qsv: { x265: 'hevc-qsv', x264: 'h264-qsv' },
  videotoolbox: { x265: 'hevc-videotoolbox', x264: 'h264-videotoolbox' },
};

/** A rendition by the encoder that was asked for. Throws `usage` where that one makes no such thing. */
export function encodedBy(
  rendition: RenditionSpec,
  { encoder = 'software', lossless = false }: Partial<Settings>,
): RenditionSpec {
  if (encoder === 'software') return rendition;
  if (lossless) throw usage(`encoder=${encoder} cannot encode lossless=true; take encoder=software`);
  const codec = INSTEAD[encoder][rendition.codec];
  if (codec) return { ...rendition, codec };
  const able = Object.entries(INSTEAD)
    .filter(([, codecs]) => codecs[rendition.codec])
    .map(([maker]) => `encoder=${maker}`);
  const there = [...able, 'encoder=software'].join(' or ');
  throw usage(`encoder=${encoder} does not make "${rendition.name}" (${rendition.codec}); take ${there}`);
}

/** Of an enlarged film a card makes the mezzanine alone: the film is x265's, tuned for grain. Throws `usage`. */
export function refuseFilmByCard({ encoder = 'software', mezzanine = 'none' }: Partial<Settings>): void {
  if (encoder === 'software' || (encoder === 'nvenc' && mezzanine === 'hevc-intra')) return;
  throw usage(
    `encoder=${encoder} does not make an enlarged film; encoder=nvenc makes its mezzanine, with mezzanine=hevc-intra`,
  );
}
