// Which web pages may speak to the bucket and to the API. The origins come from the stage's settings as they were checked:
// what the framework resolves of a list that came with --param is its text.
const readSettings = require('../stages/index.cjs');

/** @param {Parameters<typeof readSettings>[0]} given */
module.exports = (given) => {
  const { uploadOrigins, pages } = readSettings(given);
  return { bucket: bucketRules(uploadOrigins, pages), api: apiRules(uploadOrigins) };
};

/** The origin of the pages that the stage itself serves. */
const OWN_PAGES = { 'Fn::GetAtt': ['PagesApi', 'ApiEndpoint'] };

/** Nothing where no web page may upload: an empty rule list is not legal. */
function bucketRules(/** @type {string[]} */ uploadOrigins, /** @type {string} */ pages) {
  const origins = [...uploadOrigins, ...(pages === 'on' ? [OWN_PAGES] : [])];
  if (origins.length === 0) return { Ref: 'AWS::NoValue' };
  return {
    CorsRules: [
      {
        AllowedOrigins: origins,
        AllowedMethods: ['PUT', 'POST', 'GET', 'HEAD'],
        AllowedHeaders: ['*'],
        ExposedHeaders: ['ETag', 'Content-Range'], // the player reads both
        MaxAge: 3600,
      },
    ],
  };
}

/** The stage's own pages are of the API's origin; other pages bring a token, and no cookie. */
function apiRules(/** @type {string[]} */ uploadOrigins) {
  if (uploadOrigins.length === 0) return { Ref: 'AWS::NoValue' };
  return {
    AllowOrigins: uploadOrigins,
    AllowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    AllowHeaders: ['authorization', 'content-type'],
    AllowCredentials: false,
    MaxAge: 3600,
  };
}
