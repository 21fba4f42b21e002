import { subtitlesOf } from './companions.ts';
import { filesOf, type Manifest, type RenditionRecord } from './manifest.ts';
import { asIsPath, type ResultPlace, renditionPath, subtitlePath } from './result-place.ts';

/** Returns, for each path in a manifest, the path that the file has at another place of results. */
export function movedPaths(manifest: Manifest, from: ResultPlace, to: ResultPlace): ReadonlyMap<string, string> {
  const moved = new Map(filesOf(manifest).map(({ path }) => [path, path]));
  for (const record of manifest.renditions) moved.set(record.path, renditionAt(record, to));
  for (const { path, stream } of manifest.sidecars) {
    const beside = manifest.streams.find(({ index }) => index === stream)?.beside;
    const suffix = beside && subtitlesOf(manifest.source.path, [beside])[0]?.subtitle.suffix;
    if (suffix === undefined) continue;
    const film = manifest.renditions.find(({ name }) => subtitlePath(from, name, suffix) === path);
    if (film) moved.set(path, subtitlePath(to, film.name, suffix));
  }
  return moved;
}

/** Returns the manifest with these paths instead of its own. */
export function withPaths(manifest: Manifest, paths: ReadonlyMap<string, string>): Manifest {
  const at = (path: string) => paths.get(path) ?? path;
  return {
    ...manifest,
    renditions: manifest.renditions.map((each) => ({ ...each, path: at(each.path) })),
    sidecars: manifest.sidecars.map((each) => ({ ...each, path: at(each.path) })),
    streams: manifest.streams.map((each) =>
      each.sidecar === undefined ? each : { ...each, sidecar: at(each.sidecar) },
    ),
  };
}

function renditionAt({ name, path, quality }: RenditionRecord, to: ResultPlace): string {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  return quality.metric === 'identical' ? asIsPath(to, name, extension) : renditionPath(to, name, extension);
}
