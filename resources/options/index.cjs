// What a stage has only where its settings ask for it: one file an option, each of which gives the part of a template that
// is added (plugin.cjs), or undefined where it is off. docs/aws-options.md says what each one is for.
const OPTIONS = [
  require('./object-lock.cjs'),
  require('./replication.cjs'),
  require('./cdn.cjs'),
  require('./inventory.cjs'),
  require('./storage-lens.cjs'),
  require('./backup.cjs'),
  require('./bulk-changes.cjs'),
  require('./transfer-host.cjs'),
];

/**
 * The names of a stack, as serverless.yml has them.
 * @typedef {object} Names
 * @property {string} prefix
 * @property {string} mediaBucket  with AWS's own variables in it, for Fn::Sub
 * @property {string} logBucket
 * @property {Record<string, string>} tags
 * @property {readonly object[]} tagList
 */

/**
 * @param {Record<string, any>} settings  of a stage, checked
 * @param {Names} names
 * @returns {Record<string, any>[]}
 */
exports.additionsFor = (settings, names) => OPTIONS.flatMap((option) => option(settings, names) ?? []);
