// Three zones: a Spot task that one of them cannot place, another may.
const { zoneOf } = require('./zones.cjs');

module.exports = async ({ resolveVariable }) => {
  const region = await resolveVariable('param:region');
  const Tags = await resolveVariable('self:custom.tagList');
  const subnets = ['SubnetA', 'SubnetB', 'SubnetC'].map((id, place) => [
    id,
    {
      Type: 'AWS::EC2::Subnet',
      Properties: {
        VpcId: { Ref: 'Vpc' },
        CidrBlock: `10.40.${16 * place}.0/20`,
        ...zoneOf(region, place),
        MapPublicIpOnLaunch: true,
        Tags,
      },
    },
  ]);
  return { Resources: Object.fromEntries(subnets) };
};
