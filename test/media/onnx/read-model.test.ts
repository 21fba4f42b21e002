import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { upscaleModelNamed } from '../../../core/upscale/models.ts';
import { readModel } from '../../../media/onnx/read-model.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { made, repeating } from './networks.ts';

describe("a model's file", () => {
  const { model, file } = made(repeating);

  it('is read if its hash is the listed one', async () => {
    const path = join(await temporaryFolder(), 'model.onnx');
    await writeFile(path, file);
    expect(Buffer.compare(await readModel(model, path), file)).toBe(0);
  });

  it('is refused if one bit differs', async () => {
    const path = join(await temporaryFolder(), 'model.onnx');
    await writeFile(
      path,
      Uint8Array.from(file, (byte, index) => (index === 40 ? byte ^ 1 : byte)),
    );
    const refused = readModel(model, path);
    await expect(refused).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining(model.sha256) });
  });

  it('is reported with its id and path if it is missing', async () => {
    const path = join(await temporaryFolder(), 'nothing.onnx');
    const missed = readModel(model, path);
    await expect(missed).rejects.toMatchObject({ code: 'no-input', message: `the model test is not at ${path}` });
  });

  it('is reported with the command that makes it, if it does not ship', async () => {
    const large = upscaleModelNamed('realesrgan-x4plus');
    const missed = readModel(large, join(await temporaryFolder(), 'nothing.onnx'));
    const message = expect.stringContaining('node scripts/convert-models.mjs --write realesrgan-x4plus makes it');
    await expect(missed).rejects.toMatchObject({ code: 'no-input', message });
  });
});
