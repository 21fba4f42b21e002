/** Whose encoder it is, as ffmpeg's encoders are named after it. */
export const MAKERS = ['nvenc', 'qsv', 'videotoolbox'] as const;
export type Maker = (typeof MAKERS)[number];

/** The maker of an encoder of ffmpeg's, by its name; undefined for one that computes on the CPU. */
export const makerOf = (encoder: string): Maker | undefined => MAKERS.find((maker) => encoder.endsWith(`_${maker}`));
