import { checkKey, checkPrefix } from '../../core/object-key.ts';
import type { ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';

/** A part of a store as a store of its own. Its keys are below `prefix`, which ends in a slash. */
export function belowPrefix(store: ObjectStore, prefix: string): ObjectStore {
  const inside = (info: ObjectInfo): ObjectInfo => ({ ...info, key: info.key.slice(prefix.length) });
  return {
    head: async (key) => {
      const info = await store.head(full(key));
      return info && inside(info);
    },
    async *list(part) {
      for await (const info of store.list(`${prefix}${checkPrefix(part)}`)) yield inside(info);
    },
    read: async (key) => store.read(full(key)),
    write: async (key, bytes, contentType) => store.write(full(key), bytes, contentType),
    fetch: async (key, signal) => store.fetch(full(key), signal),
    fetchParts: async (key, version, signal) => store.fetchParts(full(key), version, signal),
    fetchStretches: async (key, version, parts, signal) => store.fetchStretches(full(key), version, parts, signal),
    put: async (key, path, options) => store.put(full(key), path, options),
    copy: async (from, to) => store.copy(full(from), full(to)),
    link: async (from, to) => store.link(full(from), full(to)),
    remove: async (key) => store.remove(full(key)),
    locate: (key) => store.locate(`${prefix}${key}`),
  };

  function full(key: string): string {
    return `${prefix}${checkKey(key)}`;
  }
}
