import type { Manifest } from '../job/manifest.ts';
import type { PayloadFile } from './bag.ts';

/** Where the files of a manifest lie in a bag: by the path in the manifest; the source's is there if it was taken along. */
type BagPlaces = {
  readonly source: PayloadFile | undefined;
  readonly files: ReadonlyMap<string, PayloadFile>;
};

/**
 * Returns the facts of a manifest in the terms of PREMIS 3 (objects, events, agents) as JSON: what each file is, from which
 * one it was made, by which program, and how it was verified. It is the shape of PREMIS, and not its XML schema.
 */
export function premisJson(manifest: Manifest, { source, files }: BagPlaces, agent: string): string {
  const { renditions, madeAt, job } = manifest;
  const identifier = (sha256: string) => ({ type: 'sha256', value: sha256 });
  const objects = [
    {
      identifier: identifier(manifest.source.sha256),
      category: 'file',
      role: 'source',
      originalName: manifest.source.path,
      ...(source && { contentLocation: source.path }),
      characteristics: { size: manifest.source.bytes, fixity: fixityOfHash(manifest.source.sha256) },
    },
    ...renditions.map((rendition) => ({
      identifier: identifier(rendition.sha256),
      category: 'file',
      role: 'rendition',
      originalName: rendition.path,
      contentLocation: files.get(rendition.path)?.path,
      characteristics: {
        size: rendition.bytes,
        fixity: fixityOfHash(rendition.sha256),
        format: {
          codec: rendition.codecString,
          width: rendition.width,
          height: rendition.height,
          frames: rendition.frames,
          durationSeconds: rendition.durationSeconds,
        },
      },
      relationship: {
        type: 'derivation',
        subType: 'has source',
        object: identifier(rendition.parentSha256 ?? manifest.source.sha256),
      },
    })),
  ];
  const events = renditions.flatMap((rendition) => [
    {
      type: 'creation',
      dateTime: madeAt,
      detail: rendition.command.join(' '),
      object: identifier(rendition.sha256),
      agents: [rendition.tool, agent],
    },
    ...rendition.checks.map((check) => ({
      type: 'validation',
      dateTime: madeAt,
      detail: check.name,
      outcome: { passed: check.passed, note: check.detail },
      object: identifier(rendition.sha256),
      agents: [agent],
    })),
  ]);
  const tools = new Set([agent, ...renditions.map(({ tool }) => tool)]);
  const agents = [...tools].map((name) => ({ type: 'software', name }));
  return `${JSON.stringify({ format: 'PREMIS 3 terms as JSON', job, objects, events, agents }, undefined, 2)}\n`;
}

const fixityOfHash = (digest: string) => [{ algorithm: 'SHA-256', digest }];
