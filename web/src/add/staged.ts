import { companionOf } from '../../../core/job/companions.ts';
import { fileKind, isDocument } from '../../../core/library/file-kind.ts';
import type { ChosenFile } from '../upload/chosen-file.ts';
import type { AskedSettings } from '../upload/upload-item.ts';

/** A film that was chosen and is not sent yet. Without a recipe of its own it has the one of all. */
export type StagedFilm = ChosenFile & { readonly id: string; readonly recipe: string | undefined };

/** What is asked of all films. */
export type Asked = { readonly recipe: string; readonly settings: AskedSettings };

export type Sorted = {
  readonly films: readonly ChosenFile[];
  /** What is not sent, with the reason. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
};

/**
 * Parts films from what lies beside them. Whoever names one file means it, whatever its name is; of a folder, files are taken
 * that are films by their names or may be. Subtitles go along, before the films that they are named after.
 */
export function sortedFiles(chosen: readonly ChosenFile[]): Sorted {
  const films: ChosenFile[] = [];
  const subtitles: ChosenFile[] = [];
  const left: { path: string; why: string }[] = [];
  for (const each of chosen) {
    const { file, path } = each;
    const companion = companionOf(path)?.kind;
    if (file.size === 0) left.push({ path, why: 'it is empty (0 bytes)' });
    else if (companion === 'subtitle') subtitles.push(each);
    else if (isDocument(path)) left.push({ path, why: 'it is no film by its name' });
    else if (path.includes('/') && companion === 'litter')
      left.push({ path, why: 'it is a note or a preview beside films' });
    else if (path.includes('/') && fileKind(path) === 'other')
      left.push({ path, why: 'its name is not that of a film' });
    else films.push(each);
  }
  return { films: [...subtitles, ...films], left };
}

/** The settings that one film is sent with: a recipe of its own has its defaults. */
export const settingsFor = ({ recipe }: Pick<StagedFilm, 'recipe'>, all: Asked): AskedSettings =>
  recipe === undefined || recipe === all.recipe ? all.settings : {};
