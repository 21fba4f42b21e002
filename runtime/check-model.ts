import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ServiceError, usage } from '../core/errors.ts';
import type { Check } from '../core/job/manifest.ts';
import type { Device } from '../core/upscale/enlargement.ts';
import type { UpscaleModel } from '../core/upscale/models.ts';
import { cuttingOf, type ModelCard, modelCard, temporalWindowOf } from '../media/onnx/model-card.ts';
import { modelContract, networkRule } from '../media/onnx/model-contract.ts';
import { decodeModel } from '../media/onnx/model-file.ts';
import { cores } from './local-ports.ts';

/** What is said of a model here counts for more than what its file says. */
export type Candidate = ModelCard & { readonly path: string; readonly device: Device };

export type CheckedModel = { readonly model: UpscaleModel; readonly checks: readonly Check[] };

/**
 * A model's file against the contract, and what core/upscale/models.ts would say of it. Throws `no-input`, `bad-input`, and
 * `usage` where nobody says how many times as large it makes a picture.
 */
export async function checkModel({ path, device, ...said }: Candidate): Promise<CheckedModel> {
  const file = await readFile(path).catch((cause: unknown) => {
    throw new ServiceError('no-input', `there is no ${path}, or it cannot be read`, {}, { cause });
  });
  const id = basename(path).replace(/\.onnx$/, '');
  const asked = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const card: ModelCard = { ...modelCard(decodeModel(file, id)), ...asked };
  const { scale, from = 'rgb', to = 'enlarged', white = 1 } = card;
  const [cut, frames] = [cuttingOf(card), temporalWindowOf(card)];
  if (scale === undefined) throw usage(`${path} does not say its scale; give --scale 2, 3 or 4`);
  const unknown = {
    ...{ id, version: '1', summary: '', scale, range: { black: 0, white }, network: { from, to }, licence: '' },
    ...{ halo: 0, speed: 0, bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') },
    ...(cut && { cut }),
    ...(frames && { frames }),
    lies: { in: 'repository', path: `models/converted/${id}.onnx` },
    madeFrom: { package: '', integrity: '', format: 'ncnn', files: [] },
  } as const;
  const model = cut ? unknown : { ...unknown, halo: networkRule({ model: unknown, file }).halo };
  return { model, checks: await modelContract({ model, file, device, threads: cores() }) };
}
