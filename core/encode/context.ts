import type { EncodeSpec } from '../codecs/encode-spec.ts';

/** Frames on either side of a segment that its network looks at; none where it is given a piece instead of the source. */
export const contextOf = ({ enlarge, diet }: Pick<EncodeSpec, 'enlarge' | 'diet'>): number =>
  diet?.pre ? 0 : (enlarge?.own?.frames?.overlap ?? 0);
