// A dashboard of S3 for the two buckets of the stage: how much lies where, and with `advanced` by prefix and by request.

/**
 * @param {Record<string, any>} settings
 * @param {import('./index.cjs').Names} names
 */
module.exports = ({ storageLens }, { prefix, tagList }) => {
  if (storageLens === 'off') return undefined;
  const on = { IsEnabled: true };
  const more = { ActivityMetrics: on, AdvancedCostOptimizationMetrics: on, AdvancedDataProtectionMetrics: on };
  // Prefixes of the second level: input/preserve, output/ladder.
  const byPrefix = { PrefixLevel: { StorageMetrics: { ...on, SelectionCriteria: { MaxDepth: 2, Delimiter: '/' } } } };
  const isAdvanced = storageLens === 'advanced';
  return {
    Resources: {
      StorageLens: {
        Type: 'AWS::S3::StorageLens',
        Properties: {
          StorageLensConfiguration: {
            Id: prefix,
            IsEnabled: true,
            AccountLevel: { ...(isAdvanced && more), BucketLevel: isAdvanced ? { ...more, ...byPrefix } : {} },
            Include: { Buckets: [{ 'Fn::GetAtt': ['MediaBucket', 'Arn'] }, { 'Fn::GetAtt': ['LogBucket', 'Arn'] }] },
          },
          Tags: tagList,
        },
      },
    },
  };
};
