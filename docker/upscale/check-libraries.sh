#!/bin/sh
# Fails where a library that one of these files asks for is not here: it would only be missed on a GPU.
# The driver's own, libcuda, comes from the host. Usage: check-libraries.sh FILE...
set -eu
for file; do
  asked=$(ldd "$file")
  if missing=$(printf '%s\n' "$asked" | grep 'not found' | grep -v 'libcuda\.so\.1'); then
    printf '%s asks for\n%s\n' "$file" "$missing" >&2
    exit 1
  fi
done
