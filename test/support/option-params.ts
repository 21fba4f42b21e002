/** A public key for templates that are packaged once for several test files: always the same one. */
const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGAb0yVOMU0ckJbw6k2gMtaHBBgyd
zNRM2Poc1pjIzwbW5uKHb54rYvwnvqZAf1W6I7f+Bg/B4xk9BHTjeluHew==
-----END PUBLIC KEY-----
`;

/** What turns each option on, as `--param` takes it, at its fullest. */
export const OPTION_PARAMS = {
  objectLock: ['objectLock=compliance', 'objectLockDays=365'],
  replication: [
    ...['replicaBucket=my-copies', 'replicaRegion=eu-west-1', 'replicaDeletes=yes'],
    'replicaKey=arn:aws:kms:eu-west-1:123456789012:key/1234-copies',
    'sourceKeys=[arn:aws:kms:us-east-1:123456789012:key/1234-abcd]',
  ],
  cdn: ['cdn=signed', `cdnPublicKey=${PUBLIC_KEY}`],
  inventory: ['inventory=daily'],
  storageLens: ['storageLens=advanced'],
  backup: ['backup=weekly', 'backupDays=90'],
  bulkChanges: ['bulkChanges=yes'],
  transferHost: ['transferHost=yes', 'transferHostHours=24'],
} as const;

/** prod with all of it on. */
export const ALL_OPTIONS: readonly string[] = Object.values(OPTION_PARAMS).flat();
