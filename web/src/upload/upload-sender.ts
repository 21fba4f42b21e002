import { withMoment } from '../../../core/upload/transfer-speed.ts';
import { Refused } from '../api/refused.ts';
import { persist } from './persist.ts';
import { sendFile } from './send-file.ts';
import { slots } from './slots.ts';
import type { UploadItem } from './upload-item.ts';
import type { UploadList } from './upload-list.ts';
import type { BegunUpload } from './upload-ports.ts';
import type { UploadsPorts } from './uploads-ports.ts';

/** How many parts are sent at once, over all files. */
const PARTS_AT_ONCE = 4;

/** What an item has beside what is shown of it. */
export type Source = {
  readonly file: File | undefined;
  readonly handle: FileSystemFileHandle | undefined;
  readonly head: string;
};

/** Sends an upload of the list from wherever it stands to its end; it may be sent again after a failure or a pause. */
export type Sender = (id: string, file: File, signal: AbortSignal) => Promise<void>;

/** Returns what sends the parts of uploads, several at once, and tells the list how far each is. */
export function uploadSender(list: UploadList, sources: Map<string, Source>, ports: UploadsPorts): Sender {
  const lines = slots(PARTS_AT_ONCE);

  const persistence = (id: string, signal: AbortSignal) => ({
    signal,
    onTrouble: (trouble: string | undefined) => {
      if (!signal.aborted) list.change(id, { state: { status: 'sending', trouble } });
    },
  });

  async function begun(item: UploadItem, file: File, signal: AbortSignal): Promise<BegunUpload> {
    if (item.begun) return item.begun;
    const { id, recipe, path, bytes, modifiedMs, settings } = item;
    const asked = { recipe, path, bytes, modifiedMs, settings };
    const upload = await persist(() => ports.begin(asked), persistence(id, signal), ports);
    list.change(id, { begun: upload });
    const head = await ports.headOf(file);
    const handle = sources.get(id)?.handle;
    sources.set(id, { file, handle, head });
    await ports.memory.put({ begun: upload, recipe, path, modifiedMs, head, handle });
    return upload;
  }

  async function sendMissing(id: string, upload: BegunUpload, file: File, signal: AbortSignal): Promise<void> {
    const { onTrouble } = persistence(id, signal);
    const onBytes = (sentBytes: number) => {
      const moments = withMoment(list.find(id)?.moments ?? [], { atMs: ports.nowMs(), bytes: sentBytes });
      list.change(id, { sentBytes, moments });
    };
    const onWaiting = () => list.change(id, { state: { status: 'elsewhere' } });
    await ports.onlyHere(upload.upload, { signal, onWaiting }, async (waited) => {
      onTrouble(undefined);
      // The tab that was waited for may have finished it.
      if (waited && !(await isUnfinished(upload.upload, ports))) return;
      await sendFile({ begun: upload, file, signal, lines, onBytes, onTrouble }, ports);
    });
    await ports.memory.remove(upload.upload);
  }

  return async function send(id, file, signal) {
    const item = list.find(id);
    if (!item || signal.aborted) return;
    persistence(id, signal).onTrouble(undefined);
    try {
      await sendMissing(id, await begun(item, file, signal), file, signal);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404 || !item.begun || signal.aborted) throw error;
      // It was begun so long ago that it was swept, so it begins anew.
      await ports.memory.remove(item.begun.upload);
      list.change(id, { begun: undefined, sentBytes: 0, moments: [] });
      return send(id, file, signal);
    }
    list.change(id, { state: { status: 'done' }, sentBytes: item.bytes, moments: [] });
  };
}

/** Whether the server still waits for parts of an upload. Throws what the API throws. */
export const isUnfinished = async (upload: string, ports: Pick<UploadsPorts, 'unfinished'>): Promise<boolean> =>
  (await ports.unfinished()).some((each) => each.upload === upload);
