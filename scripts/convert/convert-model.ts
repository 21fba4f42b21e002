import { ServiceError } from '../../core/errors.ts';
import type { UpscaleModel } from '../../core/upscale/models.ts';
import { encodeModel } from '../../media/onnx/model-file.ts';
import { ncnnModel } from './ncnn.ts';
import { websrModel } from './websr.ts';

/** An ONNX file from the files, in their order, that `madeFrom` names. The same bytes on every machine. */
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
    throw new ServiceError('bad-input', `what ${id} is made from is no JSON`, {}, { cause });
  }
}
