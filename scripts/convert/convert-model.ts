import { ServiceError } from '../../core/errors.ts';
import type { UpscaleModel } from '../../core/upscale/models.ts';
import { encodeModel } from '../../media/onnx/model-file.ts';
import { ncnnModel } from './ncnn.ts';
import { websrModel } from './websr.ts';

/**
 * The ONNX file of a model, made from the files that `madeFrom` names, in their order. The bytes are equal on every
 * machine. Throws `no-input` for a missing file, and `bad-input` for one that is not as expected.
 */
export function convertModel({ id, madeFrom }: UpscaleModel, files: readonly Uint8Array[]): Uint8Array {
  const [first, second] = files;
  if (!first) throw new ServiceError('no-input', `${id} is made from ${madeFrom.files.join(' and ')}`);
  const text = new TextDecoder().decode(first);
  if (madeFrom.format === 'websr') return encodeModel(websrModel(id, parsed(id, text)));
  if (!second) throw new ServiceError('no-input', `${id} is made from ${madeFrom.files.join(' and ')}`);
  return encodeModel(ncnnModel(id, text, second));
}

function parsed(id: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ServiceError('bad-input', `the file that ${id} is made from is not JSON`, {}, { cause });
  }
}
