import { mainVideo } from '../core/media/probe.ts';
import type { Ports } from '../core/ports/ports.ts';
import { excerptSeconds, excerptWindows, isComparison } from '../core/upscale/comparison.ts';
import type { JobRequest } from './job-request.ts';
import { type Context, readSource, type SourceFacts } from './read-source.ts';

type File = { readonly path: string; readonly bytes: number; readonly sha256: string };

/** The source; where two models are compared and it is long, some windows of its picture instead. Throws what `readSource` throws. */
export async function readWanted(
  file: File,
  folder: string,
  { request, ports, context }: { readonly request: JobRequest; readonly ports: Ports; readonly context: Context },
): Promise<SourceFacts> {
  if (!isComparison(context.settings)) return readSource(file, request, ports, context);
  const { probe } = await ports.media.inspect(file.path, context.signal);
  const windows = excerptWindows(probe.durationSeconds ?? 0);
  const main = mainVideo(probe);
  if (windows.length === 0 || !main) return readSource(file, request, ports, context);
  const output = `${folder}/excerpt.mkv`;
  const source = { path: file.path, probe, stream: main.index };
  await context.watch.time('index', () => ports.media.excerpt(source, { windows, output }, context.signal));
  const facts = await readSource({ ...file, path: output }, request, ports, context);
  const what = `compared on ${excerptSeconds(windows)} s of the picture, from ${windows.map(({ startSeconds }) => startSeconds.toFixed(1)).join(', ')} s on`;
  return { ...facts, warnings: [...facts.warnings, what] };
}
