/** Returns the last part of a path or key: the name without its folders. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
