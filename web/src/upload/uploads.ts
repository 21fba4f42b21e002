import { Refused, reasonOf } from '../api/refused.ts';
import type { ChosenFile } from './chosen-file.ts';
import { isKnownAgain } from './known-again.ts';
import type { RememberedUpload } from './remembered-uploads.ts';
import { slots } from './slots.ts';
import type { AskedSettings, UploadState } from './upload-item.ts';
import { type UploadList, uploadList } from './upload-list.ts';
import { isUnfinished, type Source, uploadSender } from './upload-sender.ts';
import type { UnfinishedUpload, UploadsPorts } from './uploads-ports.ts';

/** From how many files parts are sent at once, so that many small files do not wait for one another's answers. */
const FILES_AT_ONCE = 3;

export type Order = ChosenFile & { readonly recipe: string; readonly settings: AskedSettings };

/** All uploads of this page: begun, sent, paused, taken up again after a reload, and given up. */
export type Uploads = Pick<UploadList, 'items' | 'subscribe'> & {
  add(orders: readonly Order[]): void;
  pause(id: string): void;
  /** Goes on with what was paused, has failed, or waits for the person to allow its file. */
  goOn(id: string): Promise<void>;
  giveUp(id: string): Promise<void>;
  /** Forgets those that are finished. */
  clear(): void;
  /** Finds what was not finished when the page was left. */
  restore(): Promise<void>;
  /** Takes those of the files that continue an upload, and returns the others. */
  takeUp(files: readonly ChosenFile[]): Promise<readonly ChosenFile[]>;
};

/** Returns the uploads of this page: what begins, stops and goes on with each. */
export function createUploads(ports: UploadsPorts): Uploads {
  const list = uploadList();
  const sources = new Map<string, Source>();
  const running = new Map<string, AbortController>();
  const files = slots(FILES_AT_ONCE);
  const send = uploadSender(list, sources, ports);
  const become = (id: string, state: UploadState) => list.change(id, { state });

  function start(id: string, file: File): void {
    stop(id);
    const controller = new AbortController();
    running.set(id, controller);
    become(id, { status: 'queued' });
    const ended = (error: unknown) => {
      if (running.get(id) !== controller) return; // it was paused or given up, and may be on its way again
      const advice = error instanceof Refused ? error.advice : undefined;
      become(id, { status: 'failed', reason: reasonOf(error), advice });
    };
    void files
      .run(() => send(id, file, controller.signal))
      .catch(ended)
      .finally(() => running.get(id) === controller && running.delete(id));
  }

  function stop(id: string): void {
    const controller = running.get(id);
    running.delete(id);
    controller?.abort(new Error('paused'));
  }

  /** Shows an upload of before as it is: nobody sends it, or another tab does. */
  async function restored(upload: UnfinishedUpload, remembered: RememberedUpload | undefined): Promise<void> {
    const id = ports.newId();
    const { recipe, path, bytes, modifiedMs = remembered?.modifiedMs ?? 0 } = upload;
    const { handle, head = '' } = remembered ?? {};
    sources.set(id, { file: undefined, handle, head });
    const state = { status: 'needs-file', why: handle ? 'permission' : 'reload' } as const;
    list.add({ id, path, bytes, modifiedMs, recipe, settings: {}, begun: upload, state, sentBytes: 0, moments: [] });
    const there = await ports.partsOf(upload.upload);
    list.change(id, { sentBytes: there.reduce((sum, each) => sum + each.bytes, 0) });
    const controller = new AbortController();
    running.set(id, controller);
    const onWaiting = () => become(id, { status: 'elsewhere' });
    await ports.onlyHere(upload.upload, { signal: controller.signal, onWaiting }, async (waited) => {
      if (!waited || running.get(id) !== controller) return;
      become(id, (await isUnfinished(upload.upload, ports)) ? state : { status: 'done' });
    });
    if (running.get(id) === controller) running.delete(id);
    const file = list.find(id)?.state === state && handle && (await ports.open(handle, 'not-ask'));
    if (file) start(id, file);
  }

  return {
    items: list.items,
    subscribe: list.subscribe,
    add(orders) {
      for (const { file, path, handle, recipe, settings } of orders) {
        const id = ports.newId();
        sources.set(id, { file, handle, head: '' });
        const { size: bytes, lastModified: modifiedMs } = file;
        const state = { status: 'queued' } as const;
        list.add({ id, path, bytes, modifiedMs, recipe, settings, begun: undefined, state, sentBytes: 0, moments: [] });
        start(id, file);
      }
    },
    pause(id) {
      stop(id);
      become(id, { status: 'paused' });
      list.change(id, { moments: [] });
    },
    async goOn(id) {
      const source = sources.get(id);
      const file = source?.file ?? (source?.handle && (await ports.open(source.handle, 'ask')));
      if (file) start(id, file);
      else become(id, { status: 'needs-file', why: 'reload' });
    },
    async giveUp(id) {
      stop(id);
      const upload = list.find(id)?.begun?.upload;
      list.remove(id);
      sources.delete(id);
      if (upload === undefined) return;
      await ports.memory.remove(upload);
      await ports.abort(upload);
    },
    clear() {
      for (const { id, state } of list.items()) if (state.status === 'done') list.remove(id);
    },
    async restore() {
      const [remembered, unfinished] = await Promise.all([ports.memory.all(), ports.unfinished()]);
      const here = new Set(list.items().map(({ begun }) => begun?.upload));
      for (const {
        begun: { upload },
      } of remembered) {
        if (!unfinished.some((each) => each.upload === upload)) await ports.memory.remove(upload);
      }
      const unknown = unfinished.filter((each) => !here.has(each.upload));
      for (const upload of unknown) {
        // One whose parts cannot be listed now stays as it is, and says why when it is sent.
        void restored(
          upload,
          remembered.find(({ begun }) => begun.upload === upload.upload),
        ).catch(() => undefined);
      }
    },
    async takeUp(chosen) {
      const others: ChosenFile[] = [];
      for (const each of chosen) {
        const item = await isKnownAgain(each, list.items(), (id) => sources.get(id)?.head ?? '', ports.headOf);
        if (!item) others.push(each);
        else start(item.id, each.file);
      }
      return others;
    },
  };
}
