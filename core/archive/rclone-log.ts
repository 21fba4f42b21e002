import * as z from 'zod/mini';
import { jsonOf } from '../json.ts';

/** One line of rclone's JSON log, as far as it tells us something. */
type RcloneLine =
  | { readonly kind: 'progress'; readonly progress: TransferProgress }
  /** A file that was sent or deleted, or would be in a dry run. */
  | { readonly kind: 'sent' | 'deleted'; readonly path: string; readonly bytes: number | undefined }
  | { readonly kind: 'error'; readonly path: string | undefined; readonly message: string };

export type TransferProgress = {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
  /** Bytes a second. */
  readonly speed: number;
  readonly etaSeconds: number | undefined;
};

const line = z.object({
  level: z.string(),
  msg: z.string(),
  object: z.optional(z.string()),
  size: z.optional(z.number()),
  skipped: z.optional(z.string()),
  stats: z.optional(
    z.object({
      bytes: z.number(),
      totalBytes: z.number(),
      transfers: z.number(),
      totalTransfers: z.number(),
      speed: z.number(),
      eta: z.nullish(z.number()),
    }),
  ),
});

/** Reads a line of `--use-json-log` (rclone 1.60 to 1.71). Returns undefined for a line that tells us nothing. */
export function rcloneLine(text: string): RcloneLine | undefined {
  const parsed = line.safeParse(jsonOf(text)).data;
  if (!parsed) return undefined;
  const { level, msg, object: path, size: bytes, skipped, stats } = parsed;
  if (stats) {
    const { transfers: files, totalTransfers: totalFiles, eta, totalBytes, speed } = stats;
    const etaSeconds = eta ?? undefined;
    return { kind: 'progress', progress: { bytes: stats.bytes, totalBytes, files, totalFiles, speed, etaSeconds } };
  }
  if (level === 'error' || level === 'critical') return { kind: 'error', path, message: firstLine(msg) };
  if (path === undefined) return undefined;
  if (skipped === 'copy' || msg.startsWith('Copied')) return { kind: 'sent', path, bytes };
  if (skipped === 'delete' || msg === 'Deleted') return { kind: 'deleted', path, bytes };
  return undefined;
}

const firstLine = (text: string) => text.trim().split('\n', 1)[0] ?? '';
