// Puts the built pages into the zip of the function that serves them.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const FUNCTION = 'api';
const FOLDER = 'dist/web';

module.exports = class PageFiles {
  /** @param {import('./aliases.cjs').Serverless & { serviceDir: string }} serverless */
  constructor(serverless) {
    const { service } = serverless;
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => {
        if (!service.getAllFunctions().includes(FUNCTION) || !existsSync(join(serverless.serviceDir, FOLDER))) return;
        service.getFunction(FUNCTION).package = { patterns: [`${FOLDER}/**`] };
      },
    };
  }
};
