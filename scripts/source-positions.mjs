import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Makes stacks of errors name lines of the sources where they lie in files of this folder. A map is read when an error's stack
 * is asked for first: Node's own support for maps reads every map at the start, which takes longer than most commands.
 * @param {string} folder
 */
export function showSourcePositions(folder) {
  const within = pathToFileURL(`${folder}/`).href;
  /** @type {Map<string, SourceMap | undefined>} */
  const maps = new Map();
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.map((frame) => {
      const file = frame.getFileName() ?? '';
      if (!file.startsWith(within)) return `    at ${frame}`;
      if (!maps.has(file)) maps.set(file, mapOf(file));
      const found = maps.get(file)?.findEntry((frame.getLineNumber() ?? 1) - 1, (frame.getColumnNumber() ?? 1) - 1);
      return found && 'originalSource' in found ? `    at ${inSource(frame, found, file)}` : `    at ${frame}`;
    });
    return [headOf(error), ...lines].join('\n');
  };
}

/**
 * The map beside a built file; undefined if it cannot be read.
 * @param {string} file
 */
function mapOf(file) {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * @param {NodeJS.CallSite} frame
 * @param {import('node:module').SourceMapping} found
 * @param {string} file
 */
function inSource(frame, { originalSource, originalLine, originalColumn }, file) {
  const place = `${fileURLToPath(new URL(originalSource, file))}:${originalLine + 1}:${originalColumn + 1}`;
  const name = frame.getFunctionName();
  return name ? `${name} (${place})` : place;
}

/** @param {Error} error */
function headOf(error) {
  try {
    return `${error}`;
  } catch {
    return 'Error'; // its message cannot be read
  }
}
