/** The name of a language in the language of the page; the tag itself where the browser does not know it. */
export function languageName(tag: string | undefined): string {
  if (!tag) return 'Unknown language';
  try {
    return (
      new Intl.DisplayNames([document.documentElement.lang || navigator.language, 'en'], { type: 'language' }).of(
        tag,
      ) ?? tag
    );
  } catch {
    return tag;
  }
}

/** Names for people, each once: a second one of the same name gets a number. */
export function distinct<T extends { readonly label: string }>(all: readonly T[]): readonly T[] {
  return all.map((each, i) => {
    const before = all.slice(0, i).filter(({ label }) => label === each.label).length;
    return before === 0 ? each : { ...each, label: `${each.label} ${before + 1}` };
  });
}
