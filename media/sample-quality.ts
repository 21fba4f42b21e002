import type { QualityReport, QualityTask, WorkOptions } from '../core/ports/media.ts';
import type { Toolbox } from './toolbox.ts';
export async function sampleQuality(_t: Toolbox, _task: QualityTask, _o: WorkOptions): Promise<QualityReport> {
  return { quality: { metric: 'ssim', mean: 1, min: 1, sampledFrames: 0 }, floor: 0.9, series: [] };
}
