import type { UploadItem } from './upload-item.ts';

/** The uploads of this page, in the order in which they came; whoever shows them is told of each change. */
export type UploadList = {
  items(): readonly UploadItem[];
  find(id: string): UploadItem | undefined;
  add(item: UploadItem): void;
  change(id: string, to: Partial<UploadItem>): void;
  remove(id: string): void;
  subscribe(listener: () => void): () => void;
};

/** Returns the list of the uploads of this page, and who is told of its changes. */
export function uploadList(): UploadList {
  const listeners = new Set<() => void>();
  let items: readonly UploadItem[] = [];
  const set = (to: readonly UploadItem[]) => {
    items = to;
    for (const listener of listeners) listener();
  };
  return {
    items: () => items,
    find: (id) => items.find((item) => item.id === id),
    add: (item) => set([...items, item]),
    change: (id, to) => set(items.map((item) => (item.id === id ? { ...item, ...to } : item))),
    remove: (id) => set(items.filter((item) => item.id !== id)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
