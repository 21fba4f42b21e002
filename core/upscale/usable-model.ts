import type { UpscaleModel } from './models.ts';

/** What running a model takes to know; how it was made is nobody's business then. */
export type UsableModel = Omit<UpscaleModel, 'madeFrom' | 'bytes' | 'halo'>;

/** Its key in a store of models. */
export const storedModelKey = ({ id, version }: Pick<UpscaleModel, 'id' | 'version'>): string =>
  `models/${id}/${version}.onnx`;
