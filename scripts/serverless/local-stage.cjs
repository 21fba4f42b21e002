// What an emulator (moto_server) wants otherwise than AWS. Stage `local` only; every other template is left alone.
const standInForPeople = require('./stand-ins.cjs');

module.exports = class LocalStage {
  /** @param {import('./aliases.cjs').Serverless} serverless */
  constructor(serverless) {
    this.service = serverless.service;
    const local = () => serverless.getProvider('aws').getStage() === 'local';
    this.hooks = {
      initialize: () => local() && this.withoutProtection(),
      'before:deploy:deploy': () => local() && refuseRealAws(),
      'after:aws:package:finalize:mergeCustomProviderResources': () => local() && this.adapt(),
    };
  }

  withoutProtection() {
    delete this.service.provider.deletionProtection; // not implemented there
  }

  adapt() {
    const template = this.service.provider.compiledCloudFormationTemplate;
    standInForPeople(template);
    const { Resources } = template;
    for (const { Type, Properties } of Object.values(Resources)) {
      // AWS uses its service-linked role; the emulator wants one, whichever.
      if (Type === 'AWS::Batch::ComputeEnvironment') {
        Properties.ServiceRole = { 'Fn::GetAtt': ['EncodeTaskRole', 'Arn'] };
      }
      // The emulator's CloudFormation hands the tags of a key on by other names than its KMS takes.
      if (Type === 'AWS::KMS::Key') delete Properties.Tags;
      // The emulator knows zones by their names alone.
      if (Type === 'AWS::EC2::Subnet' && Properties.AvailabilityZoneId) {
        Properties.AvailabilityZone = { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] };
        delete Properties.AvailabilityZoneId;
      }
    }
  }
};

function refuseRealAws() {
  if (/^http:\/\/(127\.0\.0\.1|localhost)(:|$)/.test(process.env.AWS_ENDPOINT_URL ?? '')) return;
  throw new Error('stage local is for an emulator on this machine: set AWS_ENDPOINT_URL to it, http://127.0.0.1:5000');
}
