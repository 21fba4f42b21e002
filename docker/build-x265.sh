#!/bin/sh
# x265 with 8, 10 and 12 bits in one static library, as its own multilib.sh does it. Usage: build-x265.sh SOURCE PREFIX
# From source, because a distribution's x265 may know 8 bits only, and its version decides every byte we make.
set -eu
source=$(cd "$1" && pwd)/source
prefix=$2

configure() {
  bits=$1
  shift
  cmake -S "$source" -B "build-$bits" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
    -DENABLE_SHARED=OFF -DENABLE_CLI=OFF -DENABLE_PIC=ON -DENABLE_LIBNUMA=OFF "$@"
  cmake --build "build-$bits"
}

configure 12 -DHIGH_BIT_DEPTH=ON -DMAIN12=ON -DEXPORT_C_API=OFF
configure 10 -DHIGH_BIT_DEPTH=ON -DEXPORT_C_API=OFF
mkdir -p build-8
cp build-10/libx265.a build-8/libx265-10.a
cp build-12/libx265.a build-8/libx265-12.a
configure 8 -DEXTRA_LIB='x265-10.a;x265-12.a' -DEXTRA_LINK_FLAGS=-L. -DLINKED_10BIT=ON -DLINKED_12BIT=ON

cd build-8
mv libx265.a libx265-8.a
ar -M <<'MRI'
CREATE libx265.a
ADDLIB libx265-8.a
ADDLIB libx265-10.a
ADDLIB libx265-12.a
SAVE
END
MRI
cmake --install .
