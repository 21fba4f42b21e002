import { beforeAll, describe, expect, it } from '@jest/globals';
import { at, DEPLOYED_STAGES, list, type Packaged, packaged, referredTo } from '../support/packaged-template.ts';

describe.each(DEPLOYED_STAGES)('the network of %s', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  it('has nothing that costs money while idle: no NAT, no address of its own, no interface endpoint', () => {
    const idle = ['AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::TransitGateway', 'AWS::EC2::VPNGateway'];
    expect(pack.resources.filter(({ Type }) => idle.includes(Type))).toEqual([]);
    const kinds = pack.of('AWS::EC2::VPCEndpoint').map(({ Properties }) => at(Properties, 'VpcEndpointType'));
    expect(kinds).toEqual(['Gateway', 'Gateway']);
  });

  it('reaches S3 and DynamoDB through gateways on every subnet', () => {
    const tables = pack
      .of('AWS::EC2::VPCEndpoint')
      .map(({ Properties }) => list(at(Properties, 'RouteTableIds')).map(referredTo));
    expect(tables).toEqual([['Routes'], ['Routes']]);
    const routed = pack
      .of('AWS::EC2::SubnetRouteTableAssociation')
      .map(({ Properties }) => [referredTo(at(Properties, 'SubnetId')), referredTo(at(Properties, 'RouteTableId'))]);
    expect(routed).toEqual(pack.of('AWS::EC2::Subnet').map(({ id }) => [id, 'Routes']));
  });

  it('lets nothing in, and only HTTPS out', () => {
    expect(pack.of('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    for (const { Properties } of pack.of('AWS::EC2::SecurityGroup')) {
      expect(at(Properties, 'SecurityGroupIngress')).toBeUndefined();
      expect(
        list(at(Properties, 'SecurityGroupEgress')).map((rule) => [at(rule, 'FromPort'), at(rule, 'ToPort')]),
      ).toEqual([[443, 443]]);
    }
  });

  it('runs tasks in every zone it has', () => {
    const subnets = pack.of('AWS::EC2::Subnet').map(({ id }) => id);
    expect(subnets).toHaveLength(3);
    for (const { Properties } of pack.of('AWS::Batch::ComputeEnvironment')) {
      expect(list(at(Properties, 'ComputeResources', 'Subnets')).map(referredTo)).toEqual(subnets);
    }
  });
});
