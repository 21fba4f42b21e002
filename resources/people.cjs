// Who may come in, from the stage's settings as they were checked: one user of the pool for each address, without a password.
const { createHash } = require('node:crypto');
const readSettings = require('../stages/index.cjs');

/** @param {Parameters<typeof readSettings>[0]} given */
module.exports = (given) => {
  const { people, operators, signInMail } = readSettings(given);
  const all = [...new Set([...operators, ...people].map((address) => address.toLowerCase()))];
  const steering = new Set(operators.map((address) => address.toLowerCase()));
  const resources = all.flatMap((address) => [
    [userId(address), userOf(address)],
    ...(steering.has(address) ? [[`${userId(address)}Operates`, operates(address)]] : []),
  ]);
  return { resources: { Resources: Object.fromEntries(resources) }, mail: mailOf(signInMail) };
};

/** A logical id takes letters and digits alone, and one that changes would make the person anew. */
const userId = (/** @type {string} */ address) =>
  `Person${createHash('sha256').update(address).digest('hex').slice(0, 16)}`;

const userOf = (/** @type {string} */ address) => ({
  Type: 'AWS::Cognito::UserPoolUser',
  Properties: {
    UserPoolId: { Ref: 'People' },
    Username: address,
    MessageAction: 'SUPPRESS',
    UserAttributes: [
      { Name: 'email', Value: address },
      { Name: 'email_verified', Value: 'true' },
    ],
  },
});

const operates = (/** @type {string} */ address) => ({
  Type: 'AWS::Cognito::UserPoolUserToGroupAttachment',
  Properties: {
    UserPoolId: { Ref: 'People' },
    GroupName: { Ref: 'Operators' },
    Username: { Ref: userId(address) },
  },
});

/** Cognito's own sender takes 50 mails a day; an identity of SES takes as many as SES lets it. */
const mailOf = (/** @type {string} */ signInMail) =>
  signInMail === ''
    ? { EmailSendingAccount: 'COGNITO_DEFAULT' }
    : { EmailSendingAccount: 'DEVELOPER', SourceArn: signInMail };
