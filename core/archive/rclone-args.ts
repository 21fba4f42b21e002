import { usage } from '../errors.ts';

/** How files are sent to a bucket. The defaults are the measured ones of docs/archive.md. */
type TransferTuning = {
  /** Files that are sent at the same time. */
  readonly transfers: number;
  /** Parts of one file that are sent at the same time. */
  readonly parts: number;
  /** The size of a part in MiB. A file that is not larger is sent as one object. */
  readonly partMiB: number;
};

export const TUNING: TransferTuning = { transfers: 10, parts: 4, partMiB: 100 };

/** S3 takes parts of 5 MiB to 5 GiB. */
const SMALLEST_PART_MIB = 5;
const LARGEST_PART_MIB = 5120;
const MOST_AT_ONCE = 256;

/** Returns the tuning with what was asked for. Throws `usage` with the range where a figure is out of it. */
export function tuningOf(asked: Readonly<Record<keyof TransferTuning, string | undefined>>): TransferTuning {
  return {
    transfers: wholeNumber('--transfers', asked.transfers, [1, MOST_AT_ONCE]) ?? TUNING.transfers,
    parts: wholeNumber('--parts', asked.parts, [1, MOST_AT_ONCE]) ?? TUNING.parts,
    partMiB: wholeNumber('--part-size', asked.partMiB, [SMALLEST_PART_MIB, LARGEST_PART_MIB]) ?? TUNING.partMiB,
  };
}

function wholeNumber(
  name: string,
  text: string | undefined,
  [least, most]: readonly [number, number],
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(`${name} ${text} is out of range; it takes ${least} to ${most}`);
}

/** A place in a bucket. `endpoint` is the address of an S3 server that is not Amazon's. */
export type BucketPlace = {
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
};

/** Reads `s3://bucket/prefix`. Throws `usage` for anything else. */
export function bucketPlace(text: string, { region, endpoint }: Pick<BucketPlace, 'region' | 'endpoint'>): BucketPlace {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(text) ?? [];
  const trimmed = prefix.replace(/\/+$/, '');
  if (bucket !== undefined && !trimmed.split('/').some((part, at) => part === '..' || (part === '' && at > 0)))
    return { bucket, prefix: trimmed, region, endpoint };
  throw usage(`"${text}" is not a place in a bucket; it is written as s3://bucket/prefix`);
}

/**
 * Returns the place as rclone's on-the-fly remote, so that no configuration file is read or needed. Credentials come from
 * the environment, as the AWS SDK finds them.
 */
export function remoteOf({ bucket, prefix, region, endpoint }: BucketPlace): string {
  const options = [
    ['provider', endpoint === undefined ? 'AWS' : 'Other'],
    ['env_auth', 'true'],
    ...(region === undefined ? [] : [['region', region]]),
    ...(endpoint === undefined
      ? []
      : [
          ['endpoint', endpoint],
          ['force_path_style', 'true'],
        ]),
    ['no_check_bucket', 'true'],
  ];
  const quoted = options.map(([name = '', value = '']) => `${name}='${value.replaceAll("'", "''")}'`);
  return `:s3,${quoted.join(',')}:${bucket}${prefix === '' ? '' : `/${prefix}`}`;
}

/** Every command of rclone begins so: no configuration file, and a log that programs read. */
const PREAMBLE = ['--config', '', '--use-json-log', '-v'];

export type SendTask = {
  readonly folder: string;
  readonly place: BucketPlace;
  /** Whether the folder goes to the bucket (`up`), or comes from it. */
  readonly direction: 'up' | 'down';
  readonly tuning: TransferTuning;
  readonly isDryRun: boolean;
};

/**
 * Returns the arguments that send what is new, up or down. rclone knows unchanged files by size and time: the listing has the
 * time of upload, so that no request a file is needed (`--use-server-modtime`), and a file is sent if it is newer
 * (`--update`). rclone's own hashing before the upload, a second reading of every file, is off: `archive sync` compares
 * every file with the bucket itself afterwards, and sends what this rule missed by `sendAgainArgs`.
 */
export const sendArgs = ({ tuning, isDryRun, ...task }: SendTask): string[] => [
  'copy',
  ...PREAMBLE,
  ...progressArgs,
  ...uploadArgs(tuning),
  ...['--fast-list', '--update', '--use-server-modtime'],
  ...EXCLUDED.flatMap((pattern) => ['--exclude', pattern]),
  ...(isDryRun ? ['--dry-run'] : []),
  ...fromTo(task),
];

/** Returns the arguments that send the files named on stdin, whatever the bucket has of them. */
export const sendAgainArgs = ({ tuning, ...task }: SendTask): string[] => [
  'copy',
  ...PREAMBLE,
  ...progressArgs,
  ...uploadArgs(tuning),
  ...['--ignore-times', '--no-traverse', '--files-from-raw', '-'],
  ...fromTo(task),
];

/** Returns the arguments that read the objects named on stdin back, and print the SHA-256 of each. */
export const readBackArgs = (place: BucketPlace): string[] => [
  'hashsum',
  'sha256',
  '--download',
  ...PREAMBLE,
  ...['--no-traverse', '--files-from-raw', '-'],
  '--',
  remoteOf(place),
];

/** Returns the arguments that delete the objects named on stdin. */
export const deleteArgs = (place: BucketPlace): string[] => [
  'delete',
  ...PREAMBLE,
  ...['--no-traverse', '--files-from-raw', '-'],
  '--',
  remoteOf(place),
];

function fromTo({ folder, place, direction }: Pick<SendTask, 'folder' | 'place' | 'direction'>): string[] {
  const remote = remoteOf(place);
  return ['--', ...(direction === 'up' ? [folder, remote] : [remote, folder])];
}

const progressArgs = ['--stats', '1s', '--stats-log-level', 'NOTICE'];

const uploadArgs = ({ transfers, parts, partMiB }: TransferTuning): string[] => [
  ...['--transfers', `${transfers}`, '--s3-upload-concurrency', `${parts}`],
  ...['--s3-chunk-size', `${partMiB}Mi`, '--s3-upload-cutoff', `${partMiB}Mi`, '--s3-disable-checksum'],
];

/** Work, pieces, temporary files and the lists of a sync, which are not part of an archive. */
const EXCLUDED = [
  ...['.reelmill/work/**', '.reelmill/originals/**', '.work/**', '*.partial'],
  ...['/.reelmill/sent.json', '/.reelmill/SHA256SUMS'],
];

/** Whether a file of the folder is sent, by its path in it. It says what EXCLUDED says to rclone. */
export const isSent = (path: string): boolean =>
  !/(^|\/)\.work\/|(^|\/)\.reelmill\/(work|originals)\/|\.partial$|^\.reelmill\/(sent\.json|SHA256SUMS)$/.test(path);

/** Reads `50G`. Throws `usage` for anything else. */
export function cacheGiBOf(text: string): number {
  const [, digits] = /^(\d{1,6})G$/.exec(text) ?? [];
  if (Number(digits) > 0) return Number(digits);
  throw usage(`--cache-size ${text} is not a size; it is written as 50G`);
}

export type MountTask = {
  readonly place: BucketPlace;
  readonly folder: string;
  /** The most that the cache on this disk takes, in GiB, which rclone calls G. */
  readonly cacheGiB: number;
  readonly canWrite: boolean;
};

/** Returns the arguments that mount a place, with the whole file cached as far as it was read, and the cache bounded. */
export const mountArgs = ({ place, folder, cacheGiB, canWrite }: MountTask): string[] => [
  'mount',
  ...PREAMBLE,
  ...['--vfs-cache-mode', 'full', '--vfs-cache-max-size', `${cacheGiB}G`, '--vfs-cache-max-age', '720h'],
  ...['--vfs-read-chunk-size', '16Mi', '--vfs-read-chunk-size-limit', '256Mi', '--buffer-size', '32Mi'],
  ...['--dir-cache-time', '5m', '--use-server-modtime'],
  ...(canWrite ? [] : ['--read-only']),
  '--',
  remoteOf(place),
  folder,
];
