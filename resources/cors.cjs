// Nothing where no web page may upload: an empty rule list is not legal. The origins come from the stage's settings as they
// were checked: what the framework resolves of a list that came with --param is its text.
const readSettings = require('../stages/index.cjs');

/** @param {Parameters<typeof readSettings>[0]} given */
module.exports = (given) => {
  const { uploadOrigins: origins } = readSettings(given);
  if (origins.length === 0) return { Ref: 'AWS::NoValue' };
  return {
    CorsRules: [
      {
        AllowedOrigins: origins,
        AllowedMethods: ['PUT', 'POST', 'GET', 'HEAD'],
        AllowedHeaders: ['*'],
        ExposedHeaders: ['ETag'],
        MaxAge: 3600,
      },
    ],
  };
};
