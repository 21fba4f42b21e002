import { ServiceError } from '../../core/errors.ts';
import { ProcessError } from '../process/process-error.ts';
import { runProcess } from '../process/run-process.ts';
import { GPU_QUESTION, type Gpu, gpusIn } from './gpu.ts';

/** A driver that does not answer within this time counts as absent. */
const PATIENCE_MS = 20_000;

/** The first graphics card, which onnxruntime uses by default; undefined where nvidia-smi is missing or fails. */
export async function askGpu(nvidiaSmi = 'nvidia-smi'): Promise<Gpu | undefined> {
  try {
    const { stdout } = await runProcess(nvidiaSmi, GPU_QUESTION, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return gpusIn(stdout)[0];
  } catch (error) {
    if (error instanceof ProcessError || error instanceof ServiceError) return undefined;
    throw error;
  }
}
