import { expect, it } from '@jest/globals';
import { rcloneLine } from '../../../core/archive/rclone-log.ts';

// what rclone 1.60.1 wrote
const STATS =
  '{"level":"warning","msg":"\\nTransferred:   \\t   31.471 MiB / 31.471 MiB, 100%, 0 B/s, ETA -\\n","source":"accounting/stats.go:482","stats":{"bytes":33000005,"checks":0,"deletedDirs":0,"deletes":0,"elapsedTime":0.050265224,"errors":0,"eta":null,"fatalError":false,"renames":0,"retryError":false,"speed":0,"totalBytes":33000005,"totalChecks":0,"totalTransfers":4,"transferTime":0,"transfers":4},"time":"2026-11-28T10:00:37.223526+00:00"}';

it.each([
  [
    STATS,
    {
      kind: 'progress',
      progress: { bytes: 33000005, totalBytes: 33000005, files: 4, totalFiles: 4, speed: 0, etaSeconds: undefined },
    },
  ],
  [
    '{"level":"warning","msg":"Skipped copy as --dry-run is set (size 3)","object":"three.txt","objectType":"*local.Object","size":3,"skipped":"copy","source":"operations/operations.go:2404","time":"2026-11-28T10:00:37.223313+00:00"}',
    { kind: 'sent', path: 'three.txt', bytes: 3 },
  ],
  [
    '{"level":"info","msg":"Copied (new)","object":"a b/one.bin","objectType":"*local.Object","source":"operations/operations.go:566","time":"2026-11-28T10:00:37.429263+00:00"}',
    { kind: 'sent', path: 'a b/one.bin', bytes: undefined },
  ],
  [
    '{"level":"warning","msg":"Skipped delete as --dry-run is set (size 3)","object":"three.txt","objectType":"*s3.Object","size":3,"skipped":"delete","source":"operations/operations.go:2404","time":"2026-11-28T10:00:38.102215+00:00"}',
    { kind: 'deleted', path: 'three.txt', bytes: 3 },
  ],
  [
    '{"level":"error","msg":"Failed to copy: BadRequest: Bad Request\\n\\tstatus code: 400","object":"two.bin","objectType":"*local.Object","source":"operations/operations.go:538","time":"2026-11-28T10:00:57.71163+00:00"}',
    { kind: 'error', path: 'two.bin', message: 'Failed to copy: BadRequest: Bad Request' },
  ],
  [
    '{"level":"warning","msg":"Config file \\"/root/rclone.conf\\" not found - using defaults","source":"x","time":"y"}',
    undefined,
  ],
  ['2026/11/28 10:00:29 Failed to create file system', undefined],
  ['', undefined],
  ['null', undefined],
])('reads %s', (line, expected) => expect(rcloneLine(line)).toEqual(expected));
