import { ServiceError } from '../../core/errors.ts';
import { type OnnxModel, onnxModelSchema } from './onnx-model.ts';
import { modelProto } from './onnx-schema.ts';

/** Models whose bytes are still held by somebody: one is opened for each size of picture and each check of it. */
const decoded = new WeakMap<Uint8Array, OnnxModel>();

/**
 * The model in an ONNX file, which all share that ask for the model in these bytes. Throws `bad-input` if the bytes are not an
 * ONNX model, or if its weights are in other files.
 */
export function decodeModel(bytes: Uint8Array, name: string): OnnxModel {
  const known = decoded.get(bytes) ?? decode(bytes, name);
  decoded.set(bytes, known);
  return known;
}

function decode(bytes: Uint8Array, name: string): OnnxModel {
  const model = onnxModelSchema.safeParse(plain(bytes, name));
  if (!model.success) throw notModel(name, model.error);
  if (model.data.graph.node.length === 0) throw notModel(name, undefined);
  if (model.data.graph.initializer.some(({ dataLocation }) => dataLocation === EXTERNAL)) {
    throw new ServiceError('bad-input', `${name} keeps its weights in other files; a model must be one file`);
  }
  return model.data;
}

/** Returns a model as the bytes of an ONNX file (protobuf of `ModelProto`). */
export function encodeModel(model: OnnxModel): Uint8Array {
  return modelProto.encode(modelProto.fromObject(model)).finish();
}

const EXTERNAL = 1;

function plain(bytes: Uint8Array, name: string): unknown {
  try {
    return modelProto.toObject(modelProto.decode(bytes), { longs: Number, arrays: true });
  } catch (error) {
    throw notModel(name, error);
  }
}

function notModel(name: string, cause: unknown): ServiceError {
  return new ServiceError('bad-input', `${name} is not an ONNX model`, {}, { cause });
}
