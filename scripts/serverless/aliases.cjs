// Gives every function an alias `live` that moves to each new version, and points all its events there. Where the stage
// says `release: canary` CodeDeploy moves it, a tenth first, and takes it back when the function's alarm goes off.
// The framework has such aliases for provisioned concurrency only; this uses the same hook (`targetAlias`).
const { createHash } = require('node:crypto');
const { ON_FARGATE, VOLUMES, definitionOf } = require('../../resources/disk-sizes.cjs');

const ALIAS = 'live';
const JOB_DEFINITIONS = [...[...ON_FARGATE, ...VOLUMES].map(definitionOf), 'UpscaleJob', 'UpscaleOnCpuJob'];

const CALLERS = [
  'AWS::Lambda::Alias',
  'AWS::Lambda::Permission',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::SNS::Subscription',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::Lambda::EventSourceMapping',
];

/**
 * What the framework hands out, as far as it is used here.
 * @typedef {{ Type: string, Condition?: string, Properties: Record<string, unknown>, UpdatePolicy?: unknown }} Resource
 * @typedef {Record<string, Resource>} Resources
 * @typedef {object} Fn
 * @property {Record<string, unknown>} [environment]
 * @property {string} [condition]
 * @property {{ patterns?: readonly string[] }} [package]
 * @property {string} [versionLogicalId]
 * @property {{ name: string, logicalId: string }} [targetAlias]
 * @typedef {object} Service
 * @property {{ compiledCloudFormationTemplate: { Resources: Resources }, environment?: unknown, deletionProtection?: unknown }} provider
 * @property {{ Resources: Resources, Parameters: Record<string, unknown>, Conditions: Record<string, unknown> }} resources
 * @property {{ tagList: unknown }} custom
 * @property {() => string[]} getAllFunctions
 * @property {(name: string) => Fn} getFunction
 * @typedef {object} Provider
 * @property {() => string} getStage
 * @property {{ getNormalizedFunctionName(name: string): string, getLambdaLogicalId(name: string): string }} naming
 * @typedef {{ service: Service, getProvider(name: 'aws'): Provider }} Serverless
 */

module.exports = class Aliases {
  /** @param {Serverless} serverless */
  constructor(serverless) {
    this.service = serverless.service;
    this.provider = serverless.getProvider('aws');
    this.naming = this.provider.naming;
    this.hooks = {
      'before:package:compileFunctions': () => this.each((name, fn) => this.aim(name, this.stamp(fn))),
      'before:package:finalize': () => this.each((name, fn) => this.add(name, fn)),
    };
  }

  /** @param {(name: string, fn: Fn) => void} visit */
  each(visit) {
    for (const name of this.service.getAllFunctions()) visit(name, this.service.getFunction(name));
  }

  /**
   * A version is only made when a function's own properties change, and a reference stays the same when what it refers to
   * does not. So everything that references of an environment can come to is hashed into it: a setting or an image that
   * changes makes a new version, and going back to one goes back to both.
   * @param {Fn} fn
   */
  stamp(fn) {
    const { Resources, Parameters, Conditions } = this.service.resources;
    const definitions = fn.environment?.ENCODE_JOB_DEFINITIONS ? JOB_DEFINITIONS.map((id) => Resources[id]) : [];
    const parts = [
      definitions,
      parametersIn([this.service.provider.environment, fn, definitions], Parameters, Conditions),
    ];
    const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
    fn.environment = { ...fn.environment, RELEASE: hash };
    return fn;
  }

  /**
   * @param {string} name
   * @param {Fn} fn
   */
  aim(name, fn) {
    if (this.provider.getStage() === 'local') return; // the emulator knows no aliases in templates
    fn.targetAlias = { name: ALIAS, logicalId: `${this.naming.getNormalizedFunctionName(name)}Live` };
  }

  /**
   * @param {string} name
   * @param {Fn} fn
   */
  add(name, fn) {
    const { Resources } = this.service.provider.compiledCloudFormationTemplate;
    const id = this.naming.getNormalizedFunctionName(name);
    if (fn.targetAlias) {
      /** @type {Resource} */
      const alias = { Type: 'AWS::Lambda::Alias', Properties: this.aliasOf(name, fn) };
      Resources[fn.targetAlias.logicalId] = alias;
      if ('Releases' in this.service.resources.Resources) {
        alias.UpdatePolicy = { CodeDeployLambdaAliasUpdate: shiftedBy(`${id}Release`) };
        Resources[`${id}Release`] = this.deploymentGroup(`${id}Fails`);
      }
    }
    if (fn.condition) spreadCondition(Resources, id, fn.condition);
    this.followSources(Resources);
  }

  /**
   * What carries a topic's messages to a function is there where the topic is.
   * @param {Resources} resources
   */
  followSources(resources) {
    for (const resource of Object.values(resources)) {
      const { TopicArn, SourceArn } = /** @type {Record<string, { Ref?: string }>} */ (resource.Properties ?? {});
      const condition = this.service.resources.Resources[TopicArn?.Ref ?? SourceArn?.Ref ?? '']?.Condition;
      if (condition && CALLERS.includes(resource.Type)) resource.Condition = condition;
    }
  }

  /**
   * @param {string} name
   * @param {Fn} fn
   */
  aliasOf(name, fn) {
    return {
      FunctionName: { Ref: this.naming.getLambdaLogicalId(name) },
      FunctionVersion: { 'Fn::GetAtt': [fn.versionLogicalId, 'Version'] },
      Name: ALIAS,
    };
  }

  /**
   * @param {string} alarm
   * @returns {Resource}
   */
  deploymentGroup(alarm) {
    const watched = { Enabled: true, Alarms: [{ Name: { Ref: alarm } }] };
    const condition = this.service.resources.Resources[alarm]?.Condition;
    return {
      Type: 'AWS::CodeDeploy::DeploymentGroup',
      Properties: {
        ApplicationName: { Ref: 'Releases' },
        ServiceRoleArn: { 'Fn::GetAtt': ['ReleaseRole', 'Arn'] },
        DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
        AlarmConfiguration: { 'Fn::If': [condition, watched, { Ref: 'AWS::NoValue' }] },
        AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
        Tags: this.service.custom.tagList,
      },
    };
  }
};

/**
 * The parameters that something refers to, by themselves or through conditions.
 * @param {unknown} what
 * @param {Record<string, unknown>} parameters
 * @param {Record<string, unknown>} conditions
 */
function parametersIn(what, parameters, conditions) {
  const names = new Set(JSON.stringify(what).match(/[A-Za-z]\w+/g));
  for (let size = 0; size < names.size; ) {
    size = names.size;
    for (const [name, condition] of Object.entries(conditions))
      if (names.has(name)) for (const each of JSON.stringify(condition).match(/[A-Za-z]\w+/g) ?? []) names.add(each);
  }
  return Object.entries(parameters).filter(([name]) => names.has(name));
}

/** @param {string} group */
const shiftedBy = (group) => ({ ApplicationName: { Ref: 'Releases' }, DeploymentGroupName: { Ref: group } });

/**
 * The framework puts a function's condition on the function alone; what calls the function has to follow.
 * @param {Resources} resources
 * @param {string} id
 * @param {string} condition
 */
function spreadCondition(resources, id, condition) {
  for (const [logicalId, resource] of Object.entries(resources)) {
    const its = logicalId.startsWith(id) || JSON.stringify(resource).includes(`"${id}LambdaFunction"`);
    if (its && CALLERS.includes(resource.Type)) resource.Condition = condition;
  }
}
