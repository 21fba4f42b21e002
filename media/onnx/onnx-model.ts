import * as z from 'zod/mini';

/** ONNX's numbers of the element types used here (TensorProto.DataType). */
export const ELEMENT = { float: 1, uint8: 2, uint16: 4, int32: 6, int64: 7, float16: 10 } as const;

const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

const bytes = z.custom<Uint8Array>((data) => data instanceof Uint8Array);

const tensorSchema = z.looseObject({
  name: z._default(z.string(), ''),
  dims: z.array(z.int()),
  dataType: z.int(),
  rawData: z.optional(bytes),
  floatData: z.array(z.number()),
  int64Data: z.array(z.int()),
});

const attributeSchema = z.looseObject({
  name: z.string(),
  type: z.optional(z.int()),
  f: z.optional(z.number()),
  i: z.optional(z.int()),
  s: z.optional(bytes),
  t: z.optional(tensorSchema),
  ints: z.array(z.int()),
});

const nodeSchema = z.looseObject({
  name: z.optional(z.string()),
  opType: z.string(),
  domain: z.optional(z.string()),
  input: z.array(z.string()),
  output: z.array(z.string()),
  attribute: z.array(attributeSchema),
});

const dimension = z.looseObject({ dimValue: z.optional(z.int()), dimParam: z.optional(z.string()) });

const valueSchema = z.looseObject({
  name: z.string(),
  type: z.looseObject({
    tensorType: z.optional(
      z.looseObject({ elemType: z.int(), shape: z.optional(z.looseObject({ dim: z.array(dimension) })) }),
    ),
  }),
});

const graphSchema = z.looseObject({
  name: z._default(z.string(), ''),
  node: z.array(nodeSchema),
  initializer: z.array(tensorSchema),
  input: z.array(valueSchema),
  output: z.array(valueSchema),
  valueInfo: z.array(valueSchema),
});

/** An ONNX model (ModelProto) as plain data. Fields that this schema does not name are kept. */
export const onnxModelSchema = z.looseObject({
  irVersion: z.int(),
  opsetImport: z.array(z.looseObject({ domain: z._default(z.string(), ''), version: z.int() })),
  graph: graphSchema,
  metadataProps: z.optional(z.array(z.looseObject({ key: z.optional(z.string()), value: z.optional(z.string()) }))),
});

export type OnnxModel = z.infer<typeof onnxModelSchema>;
export type OnnxGraph = OnnxModel['graph'];
export type OnnxNode = z.infer<typeof nodeSchema>;
export type OnnxTensor = z.infer<typeof tensorSchema>;
type OnnxValue = z.infer<typeof valueSchema>;
type OnnxAttribute = z.infer<typeof attributeSchema>;

/** Operations that belong in one graph, and the constants that they read. */
export type GraphPart = { readonly nodes: readonly OnnxNode[]; readonly constants: readonly OnnxTensor[] };

/**
 * An operation of a graph with one output, after which it is named. Numbers become integer attributes; write `{ float:
 * 1 }` where ONNX wants a float.
 */
export function node(
  opType: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>> = {},
): OnnxNode {
  const attribute = Object.entries(attributes).map(([name, value]): OnnxAttribute => {
    if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPE.int, i: value, ints: [] };
    if (typeof value === 'string') {
      return { name, type: ATTRIBUTE_TYPE.string, s: new TextEncoder().encode(value), ints: [] };
    }
    if ('float' in value) return { name, type: ATTRIBUTE_TYPE.float, f: value.float, ints: [] };
    return { name, type: ATTRIBUTE_TYPE.ints, ints: [...value] };
  });
  return { name: output, opType, input: [...input], output: [output], attribute };
}

/** A constant of 32-bit floats; without dimensions it is a scalar. */
export function floats(name: string, values: ArrayLike<number>, dims: readonly number[] = []): OnnxTensor {
  return constant(name, ELEMENT.float, new Uint8Array(Float32Array.from(values).buffer), dims);
}

/** Returns a constant with one dimension of 64-bit integers. */
export function int64s(name: string, values: readonly number[]): OnnxTensor {
  return constant(name, ELEMENT.int64, new Uint8Array(BigInt64Array.from(values, BigInt).buffer), [values.length]);
}

/** A constant from its little-endian bytes. */
export function constant(name: string, dataType: number, rawData: Uint8Array, dims: readonly number[]): OnnxTensor {
  return { name, dataType, dims: [...dims], rawData, floatData: [], int64Data: [] };
}

/** An input or output of a graph. A string in the shape stands for any size, and equal strings for equal sizes. */
export function value(name: string, elemType: number, shape: readonly (number | string)[]): OnnxValue {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

/** The numbers of a constant of 32-bit floats, 32-bit integers or 64-bit integers, for small constants. */
export function numbersOf(tensor: OnnxTensor): number[] {
  const { rawData, dataType } = tensor;
  if (!rawData) return dataType === ELEMENT.float ? tensor.floatData : tensor.int64Data;
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const size = dataType === ELEMENT.int64 ? 8 : 4;
  return Array.from({ length: rawData.byteLength / size }, (_, index) => {
    if (dataType === ELEMENT.int64) return Number(view.getBigInt64(index * size, true));
    return dataType === ELEMENT.int32 ? view.getInt32(index * size, true) : view.getFloat32(index * size, true);
  });
}

/** Returns the attribute of an operation by its name; undefined where it has none. */
export function attributeOf(operation: OnnxNode, name: string): OnnxAttribute | undefined {
  return operation.attribute.find((attribute) => attribute.name === name);
}
