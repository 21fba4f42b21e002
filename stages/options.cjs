// The settings of what a stage has only where it is asked for: each is off in every stage's file (docs/aws-options.md).
const { createPublicKey } = require('node:crypto');
const z = require('zod');

const yesNo = z.enum(['yes', 'no']);
const prefix = z
  .string()
  .regex(/^[a-z]+\/([\w .-]+\/)*$/, 'is no prefix of the bucket, such as input/ or output/ladder/');

const OPTION_SETTINGS = {
  /** Whether files can be locked (`ready`), and how every new version is: no setting turns it off again once it is on. */
  objectLock: z.enum(['off', 'ready', 'governance', 'compliance']),
  /** For how many days a new version is locked. */
  objectLockDays: z.int().gte(1).lte(36_500),
  /** The bucket in another region that new files are copied to; there is no copy where it is empty. */
  replicaBucket: z.string().regex(/^$|^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket'),
  replicaRegion: z.string().regex(/^$|^[a-z]{2}(-[a-z]+)+-\d$/, 'is no region, such as eu-central-1'),
  replicaPrefixes: z.array(prefix),
  replicaClass: z.enum(['STANDARD', 'INTELLIGENT_TIERING', 'STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']),
  /** Whether a deletion here hides the copy there too. */
  replicaDeletes: yesNo,
  /** The ARN of the KMS key that copies of files under `sourceKeys` are encrypted with. */
  replicaKey: z.string().regex(/^$|^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'is no ARN of a KMS key'),
  /** Whether CloudFront serves published files, to links that were signed. */
  cdn: z.enum(['off', 'signed']),
  /** The public half of the key that signs links, as PEM. */
  cdnPublicKey: z.string(),
  inventory: z.enum(['off', 'daily', 'weekly']),
  storageLens: z.enum(['off', 'free', 'advanced']),
  backup: z.enum(['off', 'daily', 'weekly', 'monthly']),
  /** AWS asks for a week at least, so that each backup finds one before it. */
  backupDays: z.int().gte(7).lte(36_500),
  /** Whether the stack has the role by which S3 Batch Operations changes classes and tags. */
  bulkChanges: yesNo,
  /** Whether the stack has the template of a machine that moves files into and out of the bucket. */
  transferHost: yesNo,
  /** After how many hours that machine ends itself, whatever it does. */
  transferHostHours: z.int().gte(1).lte(336),
};

/** @typedef {Record<string, any>} Settings */

/**
 * What has to fit together: the setting it is about, whether it does, and what is said if it does not.
 * @type {readonly { path: string, fits: (settings: Settings) => boolean, message: string }[]}
 */
const FITTING = [
  ...[
    { path: 'objectLock', isOn: (/** @type {Settings} */ { objectLock }) => objectLock !== 'off' },
    { path: 'replicaBucket', isOn: hasReplica },
    { path: 'backup', isOn: (/** @type {Settings} */ { backup }) => backup !== 'off' },
  ].map(({ path, isOn }) => ({
    path,
    fits: (/** @type {Settings} */ settings) => !isOn(settings) || settings.versioning === 'Enabled',
    message: 'needs versions of files: set versioning to Enabled',
  })),
  {
    path: 'objectLock',
    fits: ({ objectLock, onDelete }) => !['governance', 'compliance'].includes(objectLock) || onDelete === 'Retain',
    message: 'keeps files from being deleted, so that the bucket cannot go with its stack: set onDelete to Retain',
  },
  {
    path: 'replicaRegion',
    fits: (settings) =>
      hasReplica(settings) ? !['', settings.region].includes(settings.replicaRegion) : settings.replicaRegion === '',
    message:
      'has to be the region of replicaBucket, which is another than that of the stage; empty without replicaBucket',
  },
  {
    path: 'replicaPrefixes',
    fits: (settings) => !hasReplica(settings) || areApart(settings.replicaPrefixes),
    message: 'has to name at least one prefix to copy, and none that another one holds',
  },
  {
    path: 'replicaKey',
    fits: (settings) => !hasReplica(settings) || settings.sourceKeys.length === 0 || settings.replicaKey !== '',
    message: 'is missing: files under sourceKeys would not be copied, and nobody would be told',
  },
  {
    path: 'replicaKey',
    fits: ({ replicaKey, replicaRegion }) => replicaKey === '' || replicaKey.split(':')[3] === replicaRegion,
    message: 'has to be a key in replicaRegion',
  },
  {
    path: 'cdnPublicKey',
    fits: ({ cdn, cdnPublicKey }) => cdn === 'off' || isSigningKey(pemOf(cdnPublicKey)),
    message:
      'has to be the public key in PEM of an RSA key of 2048 bits or of an EC key P-256 (docs/aws-options.md makes one)',
  },
];

/** @param {Settings} settings */
function hasReplica({ replicaBucket }) {
  return replicaBucket !== '';
}

/** @param {readonly string[]} prefixes */
function areApart(prefixes) {
  const overlap = prefixes.some((one, at) => prefixes.some((other, to) => at !== to && other.startsWith(one)));
  return prefixes.length > 0 && !overlap;
}

/**
 * A PEM in its usual lines, whatever white space a shell or a YAML file has made of them.
 * @param {string} text
 */
function pemOf(text) {
  const [, body = ''] =
    /^-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----$/.exec(text.trim()) ?? [];
  const lines = body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}

/** @param {string} pem */
function isSigningKey(pem) {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails: details } = createPublicKey(pem);
    if (asymmetricKeyType === 'rsa') return details?.modulusLength === 2048;
    return asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

module.exports = { OPTION_SETTINGS, FITTING, hasReplica, pemOf };
