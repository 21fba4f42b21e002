// Published files by CloudFront, to whoever has a link that was signed with the private key. S3 answers CloudFront alone.
const { createHash } = require('node:crypto');
const { pemOf } = require('../../stages/options.cjs');

/** Of CloudFront's own policies: any page may read what a link lets it read. */
const ANY_ORIGIN = '60669652-455b-4ae9-85a4-c4c02393f86c';

/**
 * @param {Record<string, any>} settings
 * @param {import('./index.cjs').Names} names
 */
module.exports = ({ cdn, cdnPublicKey, region }, { prefix, tagList }) => {
  if (cdn === 'off') return undefined;
  const EncodedKey = pemOf(cdnPublicKey);
  // A key is never changed: another one is another resource, made before the one it replaces goes.
  const hash = createHash('sha256').update(EncodedKey).digest('hex').slice(0, 12);
  const key = `CdnKey${hash}`;
  // CloudFront's names are the account's: the same stage may be in two regions.
  const name = `${prefix}-${region}`;
  return {
    Resources: {
      [key]: {
        Type: 'AWS::CloudFront::PublicKey',
        Properties: {
          PublicKeyConfig: { Name: `${name}-${hash}`, CallerReference: `${name}-${hash}`, EncodedKey },
        },
      },
      CdnKeys: {
        Type: 'AWS::CloudFront::KeyGroup',
        Properties: { KeyGroupConfig: { Name: name, Items: [{ Ref: key }] } },
      },
      // Its value is put in by hand after the first deploy (docs/aws-options.md).
      CdnPrivateKey: {
        Type: 'AWS::SecretsManager::Secret',
        DeletionPolicy: 'Delete',
        UpdateReplacePolicy: 'Delete',
        Properties: { Name: `${prefix}/cdn-key`, Description: 'The private key that signs links', Tags: tagList },
      },
      CdnAccess: {
        Type: 'AWS::CloudFront::OriginAccessControl',
        Properties: {
          OriginAccessControlConfig: {
            ...{ Name: name, OriginAccessControlOriginType: 's3' },
            ...{ SigningBehavior: 'always', SigningProtocol: 'sigv4' },
          },
        },
      },
      CdnCache: { Type: 'AWS::CloudFront::CachePolicy', Properties: { CachePolicyConfig: cacheOf(name) } },
      Cdn: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: { DistributionConfig: distributionOf(prefix), Tags: tagList },
      },
      MediaBucketPolicy: {
        Properties: {
          PolicyDocument: {
            Statement: [
              {
                Sid: 'CdnReadsResults',
                Effect: 'Allow',
                Principal: { Service: 'cloudfront.amazonaws.com' },
                Action: 's3:GetObject',
                Resource: { 'Fn::Sub': `\${MediaBucket.Arn}/output/*` },
                Condition: {
                  StringEquals: {
                    'aws:SourceArn': {
                      'Fn::Sub': `arn:\${AWS::Partition}:cloudfront::\${AWS::AccountId}:distribution/\${Cdn}`,
                    },
                  },
                },
              },
            ],
          },
        },
      },
    },
    Outputs: {
      CdnDomain: { Description: 'Signed links begin with it', Value: { 'Fn::GetAtt': ['Cdn', 'DomainName'] } },
      CdnKeyId: { Value: { Ref: key } },
      CdnPrivateKeyArn: { Value: { Ref: 'CdnPrivateKey' } },
    },
  };
};

/**
 * A rendition that is made again keeps its name: a day is the longest that a viewer may get the one before.
 * @param {string} Name
 */
function cacheOf(Name) {
  return {
    ...{ Name, MinTTL: 0, DefaultTTL: 86_400, MaxTTL: 86_400 },
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: true,
      CookiesConfig: { CookieBehavior: 'none' },
      HeadersConfig: { HeaderBehavior: 'none' },
      QueryStringsConfig: { QueryStringBehavior: 'none' },
    },
  };
}

/** @param {string} prefix */
function distributionOf(prefix) {
  return {
    Enabled: true,
    Comment: `${prefix}: published files`,
    HttpVersion: 'http2and3',
    IPV6Enabled: true,
    PriceClass: 'PriceClass_100',
    Origins: [
      {
        Id: 'published',
        DomainName: { 'Fn::GetAtt': ['MediaBucket', 'RegionalDomainName'] },
        OriginPath: '/output',
        OriginAccessControlId: { 'Fn::GetAtt': ['CdnAccess', 'Id'] },
        S3OriginConfig: { OriginAccessIdentity: '' },
      },
    ],
    DefaultCacheBehavior: {
      TargetOriginId: 'published',
      ViewerProtocolPolicy: 'https-only',
      AllowedMethods: ['GET', 'HEAD', 'OPTIONS'],
      Compress: true,
      CachePolicyId: { Ref: 'CdnCache' },
      ResponseHeadersPolicyId: ANY_ORIGIN,
      TrustedKeyGroups: [{ Ref: 'CdnKeys' }],
    },
  };
}
