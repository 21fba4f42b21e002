import { open, realpath, stat } from 'node:fs/promises';
import { runProcess } from '../process/run-process.ts';

/** Where the system's loader keeps which file belongs to which library's name. */
const LOADER_CACHE = '/etc/ld.so.cache';

/**
 * Returns a text that stays the same as long as a program loads the same bytes of a library: it names the library's file, or
 * says that the library lies inside the program. Returns undefined where that cannot be known, as on macOS and Windows, for a
 * script, or for a library that another library contains.
 */
export async function libraryStamp(program: string, library: string, signal: AbortSignal): Promise<string | undefined> {
  const linked = await linkageOf(program);
  if (linked === 'inside') return INSIDE;
  if (linked === 'unknown') return undefined;
  // the loader of GNU/Linux then prints what it would load, and the program does not begin
  const env = { LD_TRACE_LOADED_OBJECTS: '1' };
  const { stdout } = await runProcess(program, ['-version'], { signal, env });
  const file = stdout
    .split('\n')
    .map((line) => /^\s+(\S+?)\.so[.\d]* => (\/.+) \(0x[\da-f]+\)$/.exec(line))
    .find((found) => found?.[1] === library)?.[2];
  return file === undefined ? undefined : fileStamp(file);
}

/** Returns the stamp as it is now, of a file that an earlier stamp names; undefined if that file is gone. */
export async function stampAgain(stamp: string): Promise<string | undefined> {
  if (stamp === INSIDE) return INSIDE;
  const file = stamp.split('\n')[0];
  return file === undefined ? undefined : fileStamp(file);
}

const INSIDE = 'inside the program';

async function fileStamp(file: string): Promise<string | undefined> {
  try {
    const { mtimeMs, ctimeMs, size } = await stat(file);
    const loader = await stat(LOADER_CACHE).catch(() => undefined);
    return [file, await realpath(file), size, mtimeMs, ctimeMs, loader?.mtimeMs ?? 'no loader cache'].join('\n');
  } catch {
    return undefined;
  }
}

const HEADER_BYTES = 64;
/** Programs have about a dozen program headers of 56 bytes, which may lie anywhere in the file. */
const MOST_TABLE_BYTES = 65_536;
/** The type of the entry of an ELF file that names its loader. A program without one loads no libraries. */
const PT_INTERP = 3;

/** Reads from a program's ELF headers whether its libraries lie inside it. Any other kind of file is `unknown`. */
async function linkageOf(program: string): Promise<'inside' | 'loaded' | 'unknown'> {
  const file = await open(program);
  try {
    const { buffer: header } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const is64BitsLittleEndian = header.readUInt32BE(0) === 0x7f454c46 && header[4] === 2 && header[5] === 1;
    if (!is64BitsLittleEndian) return 'unknown';
    const [from, size, count] = [header.readBigUInt64LE(32), header.readUInt16LE(54), header.readUInt16LE(56)];
    const bytes = size * count;
    if (bytes === 0 || bytes > MOST_TABLE_BYTES || from > Number.MAX_SAFE_INTEGER) return 'unknown';
    const { buffer: table, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, Number(from));
    if (bytesRead < bytes || size < 4) return 'unknown';
    const types = Array.from({ length: count }, (_, i) => table.readUInt32LE(i * size));
    return types.includes(PT_INTERP) ? 'loaded' : 'inside';
  } finally {
    await file.close();
  }
}
