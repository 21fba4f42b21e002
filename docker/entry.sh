#!/bin/sh
# With LOGS=none nothing may reach CloudWatch, not even what Node.js says when it cannot start; the task's own log is in S3.
set -eu
if [ "${LOGS:-none}" = none ]; then exec >/dev/null 2>&1; fi
exec node --enable-source-maps "${0%/*}/task.mjs" "$@"
