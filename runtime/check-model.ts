import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ServiceError } from '../core/errors.ts';
import type { Check } from '../core/manifest.ts';
import type { Device } from '../core/upscale/enlargement.ts';
import type { UpscaleModel } from '../core/upscale/models.ts';
import { modelContract, networkRule } from '../media/onnx/model-contract.ts';
import { cores } from './local-ports.ts';

export type Candidate = {
  readonly path: string;
  readonly scale: number;
  /** The tensors between which the network lies. */
  readonly from: string;
  readonly to: string;
  /** What white is to it; black is 0. */
  readonly white: number;
  readonly device: Device;
};

export type CheckedModel = { readonly model: UpscaleModel; readonly checks: readonly Check[] };

/** A model's file against the contract, and what core/upscale/models.ts would say of it. Throws `no-input`, `bad-input`. */
export async function checkModel({ path, scale, from, to, white, device }: Candidate): Promise<CheckedModel> {
  const file = await readFile(path).catch((cause: unknown) => {
    throw new ServiceError('no-input', `there is no ${path}, or it cannot be read`, {}, { cause });
  });
  const id = basename(path).replace(/\.onnx$/, '');
  const unknown = {
    ...{ id, version: '1', summary: '', scale, range: { black: 0, white }, network: { from, to }, licence: '' },
    ...{ halo: 0, speed: 0, bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') },
    lies: { in: 'repository', path: `models/converted/${id}.onnx` },
    madeFrom: { package: '', integrity: '', format: 'ncnn', files: [] },
  } as const;
  const model = { ...unknown, halo: networkRule({ model: unknown, file }).halo };
  return { model, checks: await modelContract({ model, file, device, threads: cores() }) };
}
