/** The last part of a path, and what is before it. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
/** Returns the folder of a path, without a slash at its end; '' for a name alone. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
