import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ServiceError } from '../../core/errors.ts';
import type { UsableModel } from '../../core/upscale/usable-model.ts';

/**
 * The bytes of a model's file. Throws `no-input` if there is no file at `path`, and `bad-input` if its hash is not the
 * model's.
 */
export async function readModel(model: UsableModel, path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const isShipped = model.location.in !== 'repository' || !model.location.path.includes('/converted/');
    const how = isShipped ? '' : `; node scripts/convert-models.mjs --write ${model.id} makes it`;
    throw new ServiceError('no-input', `the model ${model.id} is not at ${path}${how}`, {}, { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== model.sha256) {
    throw new ServiceError('bad-input', `${path} is not ${model.id}: its hash is ${sha256}, not ${model.sha256}`);
  }
  return bytes;
}
