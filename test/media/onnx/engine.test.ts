import { describe, expect, it } from '@jest/globals';
import { type EngineFacts, engineKey, engineModel, sealed, unsealed } from '../../../media/onnx/engine.ts';
import { decodeModel, encodeModel } from '../../../media/onnx/model-file.ts';
import { attributeOf } from '../../../media/onnx/onnx-model.ts';
import { rgbModel } from '../../../media/onnx/rgb-model.ts';
import { repeating } from './networks.ts';

const t4 = { name: 'Tesla T4', driver: '580.82.07', computeCapability: '7.5' };
const facts: EngineFacts = {
  gpu: t4,
  network: 'a'.repeat(64),
  tools: { onnxruntime: '1.30.0', tensorrt: '10.14.1.48' },
};

describe("an engine's key", () => {
  it('depends on everything that the engine was compiled for, but not on the order of tools', () => {
    const key = engineKey(facts);
    expect(key).toMatch(/^engines\/tesla-t4\/[0-9a-f]{64}\.engine$/);
    const { onnxruntime = '', tensorrt = '' } = facts.tools;
    expect(engineKey({ ...facts, tools: { tensorrt, onnxruntime } })).toBe(key);
  });

  it.each<{ what: string; other: EngineFacts }>([
    { what: 'card', other: { ...facts, gpu: { ...t4, name: 'NVIDIA L4' } } },
    { what: 'driver', other: { ...facts, gpu: { ...t4, driver: '580.95.05' } } },
    { what: 'compute capability', other: { ...facts, gpu: { ...t4, computeCapability: '8.9' } } },
    { what: 'network, or another window of it', other: { ...facts, network: 'b'.repeat(64) } },
    { what: 'onnxruntime', other: { ...facts, tools: { ...facts.tools, onnxruntime: '1.31.0' } } },
    { what: 'TensorRT', other: { ...facts, tools: { ...facts.tools, tensorrt: '10.15.0.1' } } },
  ])('differs for another $what', ({ other }) => {
    expect(engineKey(other)).not.toBe(engineKey(facts));
  });

  it.each([
    { name: '../../x', folder: 'x' },
    { name: 'NVIDIA RTX™ 6000', folder: 'nvidia-rtx-6000' },
    { name: '///', folder: 'unnamed' },
  ])('never leaves its folder for a card called $name', ({ name, folder }) => {
    expect(
      engineKey({ ...facts, gpu: { ...t4, name } })
        .split('/')
        .slice(0, -1),
    ).toEqual(['engines', folder]);
  });
});

describe('a stored engine', () => {
  const engine = Uint8Array.from({ length: 1000 }, (_, index) => index & 255);

  it('is read back unchanged', () => {
    expect(unsealed(sealed(engine))).toEqual(Buffer.from(engine));
  });

  it.each([
    { what: 'cut off', broken: (bytes: Uint8Array) => bytes.subarray(0, 500) },
    { what: 'cut off in its hash', broken: (bytes: Uint8Array) => bytes.subarray(0, 20) },
    {
      what: 'changed in one bit',
      broken: (bytes: Uint8Array) => bytes.map((byte, at) => (at === 700 ? byte ^ 1 : byte)),
    },
    { what: 'empty', broken: () => new Uint8Array(0) },
    { what: 'a hash of nothing', broken: () => sealed(new Uint8Array(0)) },
  ])('counts as missing where it is $what', ({ broken }) => {
    expect(unsealed(broken(sealed(engine)))).toBeUndefined();
  });
});

describe('a network that holds its engine', () => {
  it("is one operation that holds the engine and has the network's inputs and outputs", () => {
    const network = rgbModel('test', repeating);
    const { graph, opsetImport } = decodeModel(
      encodeModel(engineModel(network, Uint8Array.of(1, 0, 255), t4)),
      'the engine',
    );
    const [holder] = graph.node;
    expect(graph.node).toHaveLength(1);
    expect(holder).toMatchObject({
      opType: 'EPContext',
      domain: 'com.microsoft',
      input: ['input'],
      output: ['output'],
    });
    expect(graph.initializer).toEqual([]);
    expect([graph.input, graph.output]).toMatchObject([network.graph.input, network.graph.output]);
    expect(opsetImport).toContainEqual({ domain: 'com.microsoft', version: 1 });
    const of = (name: string) => holder && attributeOf(holder, name);
    expect([of('embed_mode')?.i, of('main_context')?.i]).toEqual([1, 1]);
    expect(Buffer.from(of('ep_cache_context')?.s ?? [])).toEqual(Buffer.of(1, 0, 255));
    expect(Buffer.from(of('hardware_architecture')?.s ?? []).toString()).toBe('75');
  });
});
