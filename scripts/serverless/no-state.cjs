// What is only packaged gets no serverless-state.json: nothing but a deploy reads it, and to write it the framework compares
// each value of the whole service with all values before it, which takes a sixth of the time.
module.exports = class NoState {
  constructor(/** @type {any} */ { processedInput, pluginManager }) {
    if (processedInput.commands[0] !== 'package') return;
    for (const plugin of pluginManager.plugins)
      if ('saveServiceState' in plugin) plugin.saveServiceState = async () => {};
  }
};
