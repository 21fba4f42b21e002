import { createHash } from 'node:crypto';

/**
 * What a registry has under an image's name.
 * @typedef {{ readonly digest: string, readonly platforms: readonly string[] }} FoundImage
 */

/** What an image may be written down as: Docker's formats and OCI's, for one platform or as a list of several. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/**
 * For which platforms a manifest holds an image: a list names them; for a single image its configuration does, which
 * `readBlob` fetches by digest.
 * @param {string} manifest
 * @param {(digest: string) => Promise<string>} readBlob
 * @returns {Promise<readonly string[]>}
 */
export async function platformsOf(manifest, readBlob) {
  const { manifests, config } = JSON.parse(manifest);
  if (Array.isArray(manifests)) {
    // buildx adds attestations, which are for no platform: unknown/unknown
    return manifests.map(({ platform }) => nameOf(platform)).filter((name) => name !== undefined);
  }
  if (typeof config?.digest !== 'string') return [];
  const name = nameOf(JSON.parse(await readBlob(config.digest)));
  return name === undefined ? [] : [name];
}

/** @param {unknown} platform */
function nameOf(platform) {
  const { os, architecture } = /** @type {{ os?: string, architecture?: string }} */ (platform ?? {});
  return os === undefined || os === 'unknown' ? undefined : `${os}/${architecture}`;
}

/** @param {string | Uint8Array} bytes */
export const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
