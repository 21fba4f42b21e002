import type { UpscaleModel } from './models.ts';

/** What must be known of a model to run it, without its origin. */
export type UsableModel = Omit<UpscaleModel, 'madeFrom' | 'bytes' | 'halo'>;

/** The key of a model in the store of models. */
export const storedModelKey = ({ id, version }: Pick<UpscaleModel, 'id' | 'version'>): string =>
  `models/${id}/${version}.onnx`;
