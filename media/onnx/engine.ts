import { createHash } from 'node:crypto';
import type { Gpu } from './gpu.ts';
import { node, type OnnxModel } from './onnx-model.ts';

/** What an engine of TensorRT's was compiled for: it is good for nothing else. */
export type EngineFacts = {
  readonly gpu: Pick<Gpu, 'name' | 'driver' | 'computeCapability'>;
  /** SHA-256 of the network with its window's size, its frames' format and its weights in it. */
  readonly network: string;
  /** Versions of what compiles and of what runs it. */
  readonly tools: Readonly<Record<string, string>>;
};

/** Where an engine is kept: below the card's name, so that people find them; in one file's name all that it depends on. */
export function engineKey({ gpu, network, tools }: EngineFacts): string {
  const sorted = Object.entries(tools).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = JSON.stringify([gpu.name, gpu.driver, gpu.computeCapability, network, sorted]);
  const card = gpu.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `engines/${card.replace(/^-|-$/g, '') || 'unnamed'}/${createHash('sha256').update(all).digest('hex')}.engine`;
}

const DIGEST_BYTES = 32;

/** An engine as it is kept: behind its own SHA-256. */
export const sealed = (engine: Uint8Array): Uint8Array =>
  Buffer.concat([createHash('sha256').update(engine).digest(), engine]);

/** What was sealed; undefined if it is not that any more. */
export function unsealed(kept: Uint8Array): Uint8Array | undefined {
  const engine = kept.subarray(DIGEST_BYTES);
  const digest = createHash('sha256').update(engine).digest();
  return engine.length > 0 && digest.equals(kept.subarray(0, DIGEST_BYTES)) ? engine : undefined;
}

/**
 * A network as one operation that holds its engine: onnxruntime's EPContext, which its TensorRT provider loads instead of
 * compiling. Inputs and outputs are the network's own.
 */
export function engineModel(
  network: OnnxModel,
  engine: Uint8Array,
  { computeCapability }: EngineFacts['gpu'],
): OnnxModel {
  const { graph } = network;
  const holder = node(
    'EPContext',
    graph.input.map(({ name }) => name),
    'engine',
    {
      main_context: 1,
      embed_mode: 1,
      ...(computeCapability !== undefined && { hardware_architecture: computeCapability.replace('.', '') }),
    },
  );
  const bytes = { name: 'ep_cache_context', type: STRING, s: engine, ints: [] };
  return {
    ...network,
    opsetImport: [...network.opsetImport, { domain: DOMAIN, version: 1 }],
    graph: {
      ...graph,
      node: [
        {
          ...holder,
          domain: DOMAIN,
          output: graph.output.map(({ name }) => name),
          attribute: [...holder.attribute, bytes],
        },
      ],
      initializer: [],
      valueInfo: [],
    },
  };
}

const DOMAIN = 'com.microsoft';
const STRING = 3;
