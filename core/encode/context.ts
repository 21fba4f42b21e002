import type { EncodeSpec } from '../codecs/encode-spec.ts';

/** The number of frames on either side of a segment that its network needs; 0 if the network reads an intermediate piece. */
export const contextOf = ({ enlarge, intermediates }: Pick<EncodeSpec, 'enlarge' | 'intermediates'>): number =>
  intermediates?.pre ? 0 : (enlarge?.own?.frames?.overlap ?? 0);
