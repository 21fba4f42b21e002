// In which zones the subnets lie. Zones are told by their ids where Fargate is not in all of a region, since a zone's name
// means another one in each account. Elsewhere the first three that the account has will do.

/**
 * By Amazon ECS's developer guide, "Supported Regions for Amazon ECS on AWS Fargate", as of November 2026, but for
 * us-east-1: of that the guide says nothing, and use1-az3, which only old accounts have, is left out because newer
 * kinds of machines do not come to it.
 */
const FARGATE_ZONES = {
  'us-east-1': ['use1-az1', 'use1-az2', 'use1-az4', 'use1-az5', 'use1-az6'],
  'us-west-1': ['usw1-az1', 'usw1-az3'],
  'ap-northeast-1': ['apne1-az1', 'apne1-az2', 'apne1-az4'],
  'cn-north-1': ['cnn1-az1', 'cnn1-az2'],
};

/** Properties of a subnet, by its place among the three. */
function zoneOf(region, place) {
  const ids = FARGATE_ZONES[region];
  if (ids === undefined) return { AvailabilityZone: { 'Fn::Select': [place, { 'Fn::GetAZs': '' }] } };
  return { AvailabilityZoneId: ids[place] };
}

module.exports = { FARGATE_ZONES, zoneOf };
