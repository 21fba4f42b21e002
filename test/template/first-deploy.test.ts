import { beforeAll, describe, expect, it } from '@jest/globals';
import { at, list, type Packaged, packaged } from '../support/packaged-template.ts';

const zonesOf = ({ of }: Packaged) =>
  of('AWS::EC2::Subnet').map(
    ({ Properties: { AvailabilityZoneId, AvailabilityZone } }) => AvailabilityZoneId ?? AvailabilityZone,
  );
const layersOf = ({ template }: Packaged) =>
  JSON.stringify(
    list(at(template.Resources.S3Endpoint?.Properties, 'PolicyDocument', 'Statement')).find(
      (each) => at(each, 'Sid') === 'ImageLayers',
    ),
  );

describe('a first deploy', () => {
  let tokyo: Packaged;
  let prod: Packaged;

  beforeAll(async () => {
    tokyo = await packaged('dev', ['region=ap-northeast-1', 'encodeImage=docker.io/me/encode:1']);
    prod = await packaged('prod', ['region=eu-central-1']);
  });

  it('lays the subnets into zones where Fargate is, by their ids where it is not in all of them', () => {
    expect(zonesOf(tokyo)).toEqual(['apne1-az1', 'apne1-az2', 'apne1-az4']);
    expect(zonesOf(prod)).toEqual([0, 1, 2].map((place) => ({ 'Fn::Select': [place, { 'Fn::GetAZs': '' }] })));
  });

  it('that is rolled back leaves nothing under a name that the next one wants', () => {
    for (const { resources } of [tokyo, prod]) {
      const kept = resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain').map(({ Type }) => Type);
      // a function's versions have numbers, which no other version is in the way of
      expect(kept.filter((type) => type !== 'AWS::Lambda::Version')).toEqual([]);
    }
    const outlives = prod.resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate');
    expect(outlives.map(({ id }) => id).sort()).toEqual(['JobsTable', 'LogBucket', 'MediaBucket']);
  });

  it('never makes CloudFormation remove the bucket into which S3 still writes', () => {
    for (const { template } of [tokyo, prod])
      expect(template.Resources.LogBucket?.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it("lets tasks read the layers of Docker Hub where an image comes from there, and ECR's in any case", () => {
    expect([layersOf(tokyo), layersOf(prod)].map((text) => text?.includes('docker-images-prod'))).toEqual([
      true,
      false,
    ]);
    expect([layersOf(tokyo), layersOf(prod)].every((text) => text?.includes('-starport-layer-bucket'))).toBe(true);
  });
});
