// moto's CloudFormation makes nothing of Cognito, and nothing of API Gateway's HTTP APIs. For stage `local` these resources
// leave the template's resources for its metadata, from where the rehearsal stands in for them (test/rehearsal/http-api.ts).
const NOT_THERE = /^AWS::(Cognito|ApiGatewayV2)::/;

/** What the rest of the template gets for a reference to them: of the form that the documentation shows. */
const GIVEN = {
  People: 'us-east-1_Aa1Bb2Cc3',
  PagesClient: '1h57kf5cpq17m0eml12EXAMPLE',
  PagesApi: 'a1bcdef2gh',
  ApiLive: { Ref: 'ApiLambdaFunction' }, // it knows no aliases in templates either (aliases.cjs)
  'PagesApi.ApiEndpoint': 'https://a1bcdef2gh.execute-api.us-east-1.amazonaws.com',
};

/** @typedef {{ Type: string, Properties: any }} Resource */

/** @param {{ Resources: Record<string, Resource>, Outputs?: object, Metadata?: object }} template */
module.exports = function standInForPeople(template) {
  const all = Object.entries(filledIn(template.Resources, new Set(['ApiLive'])));
  const moved = all.filter(([, { Type }]) => NOT_THERE.test(Type));
  if (moved.length === 0) return;
  const names = new Set(moved.map(([id]) => id));
  template.Resources = Object.fromEntries(
    all.filter(([id]) => !names.has(id)).map(([id, resource]) => [id, filledIn(resource, names)]),
  );
  template.Outputs = filledIn(template.Outputs ?? {}, names);
  template.Metadata = { ...template.Metadata, StandIns: Object.fromEntries(moved) };
};

/**
 * The same value with each reference to one of the named resources filled in.
 * @template T
 * @param {T} value
 * @param {ReadonlySet<string>} names
 * @returns {T}
 */
function filledIn(value, names) {
  /** @param {any} each @returns {any} */
  const fill = (each) => {
    if (Array.isArray(each)) return each.map(fill);
    if (each === null || typeof each !== 'object') return each;
    if (names.has(each.Ref)) return given(each.Ref);
    const [id, attribute] = each['Fn::GetAtt'] ?? [];
    if (names.has(id)) return given(`${id}.${attribute}`);
    const inside = Object.entries(each).map(([key, inner]) => [
      key,
      key === 'Fn::Sub' && typeof inner === 'string' ? filledText(inner, names) : fill(inner),
    ]);
    return Object.fromEntries(inside);
  };
  return fill(value);
}

const filledText = (/** @type {string} */ text, /** @type {ReadonlySet<string>} */ names) =>
  text.replace(/\$\{([^}!]*)\}/g, (whole, name) => (names.has(name.split('.')[0]) ? String(given(name)) : whole));

function given(/** @type {string} */ name) {
  const value = Object.entries(GIVEN).find(([key]) => key === name)?.[1];
  if (value === undefined) throw new Error(`nothing stands in for a reference to ${name}`);
  return value;
}
