import type { ClassName } from '../../core/storage/storage-classes.ts';
import { tierAfter } from '../../core/storage/tiering.ts';
import { at, type JsonObject, list } from './packaged-template.ts';

/** An object that was put into the bucket in S3 Standard and is not read. */
export type BucketObject = {
  readonly key: string;
  readonly bytes: number;
  readonly tags?: Readonly<Record<string, string>>;
};

const CLASSES: Readonly<Record<string, ClassName>> = { STANDARD_IA: 'standard-ia', GLACIER_IR: 'glacier-ir' };

/**
 * What a bucket of CloudFormation does with an object by the rules of S3's documentation: where it lies after so many days, or
 * undefined if it has expired. Throws at a rule whose meaning is not known here.
 */
export function classAfter(bucket: JsonObject, object: BucketObject, days: number): ClassName | undefined {
  const rules = list(at(bucket, 'LifecycleConfiguration', 'Rules')).filter(
    (rule) => at(rule, 'Status') === 'Enabled' && object.key.startsWith(String(at(rule, 'Prefix') ?? '')),
  );
  const expires = rules.some((rule) => days >= Number(at(rule, 'ExpirationInDays') ?? Number.POSITIVE_INFINITY));
  if (expires) return undefined;
  const least = at(bucket, 'LifecycleConfiguration', 'TransitionDefaultMinimumObjectSize');
  if (least !== 'all_storage_classes_128K') throw new Error(`${String(least)} lets small objects go`);
  if (object.bytes < 128 * 1024) return 'standard';
  const due = rules
    .flatMap((rule) => list(at(rule, 'Transitions')))
    .filter((each) => days >= Number(at(each, 'TransitionInDays')))
    .map((each) => String(at(each, 'StorageClass')));
  if (due.length > 1) throw new Error(`${object.key} goes to ${due.join(' and ')}`);
  const [to] = due;
  if (to === undefined) return 'standard';
  if (to !== 'INTELLIGENT_TIERING') {
    const name = CLASSES[to];
    if (!name) throw new Error(`what ${to} is, is not known`);
    return name;
  }
  return tierAfter(days, optInOf(bucket, object));
}

/** The archive tiers that are on for an object. */
function optInOf(bucket: JsonObject, { key, tags = {} }: BucketObject) {
  const configurations = list(at(bucket, 'IntelligentTieringConfigurations')).filter((each) => {
    const filters = list(at(each, 'TagFilters'));
    const isTagged = filters.every((filter) => tags[String(at(filter, 'Key'))] === at(filter, 'Value'));
    return at(each, 'Status') === 'Enabled' && key.startsWith(String(at(each, 'Prefix') ?? '')) && isTagged;
  });
  const tierings = configurations.flatMap((each) => list(at(each, 'Tierings')));
  const daysOf = (tier: string) => {
    const found = tierings.find((each) => at(each, 'AccessTier') === tier);
    return found === undefined ? undefined : Number(at(found, 'Days'));
  };
  return { archive: daysOf('ARCHIVE_ACCESS'), deepArchive: daysOf('DEEP_ARCHIVE_ACCESS') };
}
