import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { askGpu } from '../../../media/onnx/ask-gpu.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function answering(script: string): Promise<string> {
  const path = join(await temporaryFolder(), 'nvidia-smi');
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

describe('the graphics card', () => {
  it("is the first in nvidia-smi's output, which is asked for the needed fields", async () => {
    const smi = await answering(
      'test "$*" = "--query-gpu=name,driver_version,compute_cap,memory.total,memory.free --format=csv,noheader,nounits" || exit 2\n' +
        'echo "NVIDIA L4, 570.148.08, 8.9, 23034, 22563"; echo "Tesla T4, 570.148.08, 7.5, 15360, 15000"',
    );
    expect(await askGpu(smi)).toMatchObject({ name: 'NVIDIA L4', freeBytes: 22563 * 2 ** 20 });
  });

  it.each([
    { where: 'its program fails', script: "echo 'NVIDIA-SMI has failed'; exit 9" },
    { where: 'there is none', script: "echo 'No devices were found'" },
  ])('is unknown where $where', async ({ script }) => {
    expect(await askGpu(await answering(script))).toBeUndefined();
  });

  it('is unknown where there is no such program', async () => {
    expect(await askGpu('/nowhere/nvidia-smi')).toBeUndefined();
  });
});
