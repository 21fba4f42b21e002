import { isRecord } from '../json.ts';
/** The checks that were renamed after version 1 of the manifest: their names in version 1, and the names since. */
export const RENAMED_CHECKS: Readonly<Record<string, string>> = {
  'a sphere as before': 'spherical metadata as planned',
  'colours as they were': 'colours match the source',
  'levels as they were': 'levels match the source',
};

/**
 * Turns a manifest of version 1 into one of version 2, which differs only in the names of checks. Anything else is
 * returned unchanged, for the schema to judge.
 */
export function fromVersion1(json: unknown): unknown {
  if (!isRecord(json) || json.version !== 1) return json;
  const { renditions } = json;
  return { ...json, version: 2, ...(Array.isArray(renditions) && { renditions: renditions.map(withCheckNames) }) };
}

function withCheckNames(rendition: unknown): unknown {
  if (!isRecord(rendition) || !Array.isArray(rendition.checks)) return rendition;
  return { ...rendition, checks: rendition.checks.map(renamed) };
}

function renamed(check: unknown): unknown {
  if (!isRecord(check) || typeof check.name !== 'string') return check;
  const { name } = check;
  return { ...check, name: Object.hasOwn(RENAMED_CHECKS, name) ? RENAMED_CHECKS[name] : name };
}
