// Nothing where no web page may upload: an empty rule list is not legal.
module.exports = async ({ resolveVariable }) => {
  const origins = await resolveVariable('param:uploadOrigins');
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
