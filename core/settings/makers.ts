/** The makers of hardware encoders, as they stand at the end of ffmpeg's encoder names. */
export const MAKERS = ['nvenc', 'qsv', 'videotoolbox'] as const;
export type Maker = (typeof MAKERS)[number];

/** The maker of a hardware encoder, from ffmpeg's name of it; undefined for an encoder that runs on the CPU. */
export const makerOf = (encoder: string): Maker | undefined => MAKERS.find((maker) => encoder.endsWith(`_${maker}`));
