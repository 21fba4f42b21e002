import { useRef, useState } from 'preact/hooks';
import { ADD } from '../route.ts';
import { useSurroundings } from '../surroundings.ts';
import { Icon } from '../ui/icon.tsx';
import type { ChosenFile } from '../upload/chosen-file.ts';
import { pickedFiles } from '../upload/dropped-files.ts';

/** Where films are dropped, or chosen by buttons. A drop anywhere else in the window does the same. */
export function DropZone() {
  const { staging } = useSurroundings();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [trouble, setTrouble] = useState('');
  const taken = async (chosen: readonly ChosenFile[]) => {
    await staging.take(chosen);
    window.location.assign(ADD);
  };
  const choose = async () => {
    // A file that is opened this way is found again after a reload. A browser without it has the input.
    if (!window.showOpenFilePicker) return files.current?.click();
    try {
      const handles = await window.showOpenFilePicker({ multiple: true });
      await taken(
        await Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), path: handle.name, handle }))),
      );
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) setTrouble(String(error)); // somebody thought better of it
    }
  };
  const picked = async (input: HTMLInputElement) => {
    const chosen = input.files ? pickedFiles(input.files) : [];
    input.value = '';
    await taken(chosen);
  };
  return (
    <div class="drop-zone">
      <Icon name="film" />
      <p>
        <strong>Drop films or folders here</strong>
        <span class="soft">or choose them</span>
      </p>
      <div class="buttons">
        <button type="button" onClick={() => void choose()}>
          <Icon name="film" />
          Choose films
        </button>
        <button type="button" class="quiet" onClick={() => folder.current?.click()}>
          <Icon name="folder" />
          Choose a folder
        </button>
      </div>
      {trouble === '' ? undefined : <p role="alert">{trouble}</p>}
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Films"
        onChange={(event) => void picked(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="A folder of films"
        {...{ webkitdirectory: true }}
        onChange={(event) => void picked(event.currentTarget)}
      />
    </div>
  );
}
