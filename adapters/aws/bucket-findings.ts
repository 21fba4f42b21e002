import {
  GetBucketEncryptionCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyStatusCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Finding } from '../../core/ports/auditor.ts';
import { unless } from './aws-failure.ts';

export type KeptBucket = {
  readonly name: string;
  /** Whether accesses to the bucket have to be logged. Accesses to the bucket of logs are not. */
  readonly isLogged: boolean;
};

/** Returns findings on a bucket's settings, as AWS reports them rather than as the template declares them. */
export async function bucketFindings(client: S3Client, { name, isLogged }: KeptBucket): Promise<readonly Finding[]> {
  const Bucket = { Bucket: name };
  const finding = (what: string, isSo: boolean, detail: unknown): Finding => ({
    where: name,
    what,
    isSo,
    detail: JSON.stringify(detail ?? null),
  });

  const encryption = await unless(
    'ServerSideEncryptionConfigurationNotFoundError',
    client.send(new GetBucketEncryptionCommand(Bucket)),
  );
  const rules = encryption?.ServerSideEncryptionConfiguration?.Rules;
  const block = await unless(
    'NoSuchPublicAccessBlockConfiguration',
    client.send(new GetPublicAccessBlockCommand(Bucket)),
  );
  const blocked = block?.PublicAccessBlockConfiguration ?? {};
  const policy = await unless('NoSuchBucketPolicy', client.send(new GetBucketPolicyStatusCommand(Bucket)));
  const { LoggingEnabled } = await client.send(new GetBucketLoggingCommand(Bucket));
  const { Status } = await client.send(new GetBucketVersioningCommand(Bucket));
  return [
    finding('encrypted by default', (rules?.length ?? 0) > 0, rules),
    finding(
      'closed to the public',
      FOUR.every((part) => blocked[part] === true),
      blocked,
    ),
    finding('its policy is not public', policy?.PolicyStatus?.IsPublic !== true, policy?.PolicyStatus),
    ...(isLogged ? [finding('its accesses are logged', LoggingEnabled !== undefined, LoggingEnabled)] : []),
    { where: name, what: 'versions', isSo: true, detail: Status ?? 'never kept' },
  ];
}

const FOUR = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;
