// Adds to the template what the stage's options want (index.cjs). Where all are off, nothing is touched.
const readSettings = require('../../stages/index.cjs');
const { additionsFor } = require('./index.cjs');

/**
 * @typedef {{ [key: string]: unknown }} Json
 * @typedef {{ service: { provider: { compiledCloudFormationTemplate: Json }, custom: Record<string, any> } }} Serverless
 */

module.exports = class Options {
  /**
   * @param {Serverless} serverless
   * @param {{ stage?: string, param?: readonly string[] }} options
   */
  constructor({ service }, options) {
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const template = service.provider.compiledCloudFormationTemplate;
        for (const addition of additionsFor(readSettings({ options }), service.custom)) addTo(template, addition);
      },
    };
  }
};

/**
 * Puts an addition into what is there: objects are merged and lists grow. A value that is there already is never replaced,
 * because then two places would say what it is.
 * @param {Json} there
 * @param {Json} addition
 */
function addTo(there, addition, path = '') {
  for (const [key, value] of Object.entries(addition)) {
    const old = there[key];
    const at = `${path}${key}`;
    if (old === undefined) there[key] = value;
    else if (Array.isArray(old) && Array.isArray(value)) old.push(...value);
    else if (isObject(old) && isObject(value)) addTo(old, value, `${at}.`);
    else throw new Error(`an option wants to add ${at}, which the template has already`);
  }
}

/**
 * @param {unknown} value
 * @returns {value is Json}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
