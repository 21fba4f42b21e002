// The disks that an encoding container can have, in GiB: of Fargate, and volumes of machines of EC2. A disk is named by its place
// among them, the smallest first. test/template/disks.test.ts holds them to core/dispatch/disks.ts.
const ON_FARGATE = [21, 50, 100, 200];
const VOLUMES = [500, 2048];

/** @param {number} gib  the logical id of the job definition with this disk */
const definitionOf = (gib) => (gib === ON_FARGATE[0] ? 'EncodeJob' : `EncodeJob${gib}`);

module.exports = { ON_FARGATE, VOLUMES, definitionOf };
