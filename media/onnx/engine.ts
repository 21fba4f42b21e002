import { createHash } from 'node:crypto';
import type { Gpu } from './gpu.ts';
import { node, type OnnxModel } from './onnx-model.ts';

/** What a TensorRT engine was compiled for: it works for nothing else. */
export type EngineFacts = {
  readonly gpu: Pick<Gpu, 'name' | 'driver' | 'computeCapability'>;
  /** SHA-256 of the network's ONNX file, which includes its weights, the window size and the format of frames. */
  readonly network: string;
  /** The versions of the compiler and of the runtime, by name. */
  readonly tools: Readonly<Record<string, string>>;
};

/**
 * The key of an engine in the store: a folder named after the card, so that people find it, and a hash of everything
 * that the engine depends on.
 */
export function engineKey({ gpu, network, tools }: EngineFacts): string {
  const sorted = Object.entries(tools).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = JSON.stringify([gpu.name, gpu.driver, gpu.computeCapability, network, sorted]);
  const card = gpu.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `engines/${card.replace(/^-|-$/g, '') || 'unnamed'}/${createHash('sha256').update(all).digest('hex')}.engine`;
}

const DIGEST_BYTES = 32;

/** An engine as it is stored: its SHA-256, and then its bytes. */
export const sealed = (engine: Uint8Array): Uint8Array =>
  Buffer.concat([createHash('sha256').update(engine).digest(), engine]);

/** The engine from its stored form; undefined if the stored bytes are corrupt. */
export function unsealed(kept: Uint8Array): Uint8Array | undefined {
  const engine = kept.subarray(DIGEST_BYTES);
  const digest = createHash('sha256').update(engine).digest();
  return engine.length > 0 && digest.equals(kept.subarray(0, DIGEST_BYTES)) ? engine : undefined;
}

/**
 * A network that consists of one operation which holds the engine: onnxruntime's EPContext, which its TensorRT provider
 * loads instead of compiling. Inputs and outputs are those of `network`.
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
