import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';

/** The package onnxruntime-node: beside the program, or fetched when a network is opened first. */
export type Onnxruntime = {
  /** It shapes an enlarged picture, so it has to be known before anything is fetched. */
  readonly version: string;
  /** Returns the package's folder. Throws `missing-tool` if it can't be fetched. */
  folder(): Promise<string>;
};

const packageSchema = z.object({ version: z.string() });

/** Returns the onnxruntime-node that is installed beside the program, as in a checkout and in the container image. */
export function onnxruntimeBeside(): Onnxruntime | undefined {
  const require = createRequire(import.meta.url);
  try {
    const { version } = packageSchema.parse(require('onnxruntime-node/package.json'));
    const folder = dirname(require.resolve('onnxruntime-node/package.json'));
    return { version, folder: async () => folder };
  } catch {
    return undefined;
  }
}

/** Throws `missing-tool` without onnxruntime-node. */
export function requireOnnxruntime(given: Onnxruntime | undefined): Onnxruntime {
  const found = given ?? onnxruntimeBeside();
  if (found) return found;
  throw new ServiceError('missing-tool', 'onnxruntime-node is not installed, and upscaling needs it');
}
