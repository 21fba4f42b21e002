// serverless-esbuild keeps esbuild running, also when a function does not build: without this the command says so and
// then never ends, in CI not until the job's time is up.
module.exports = class EndOnError {
  hooks = { error: () => require('esbuild').stop() };
};
