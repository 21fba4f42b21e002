#!/bin/sh
# FFmpeg with what the mill uses and nothing else. Usage: build-ffmpeg.sh SOURCE PREFIX [more configure options]
#   --disable-autodetect: what is not named here does not slip in because the build machine has it.
#   --enable-libvpx: its decoders read the alpha of WebM, which those of FFmpeg 7 do not. --enable-iconv: names of broadcasters
#     are in code pages. --enable-bzlib: old Matroska files have packets in it.
#   --disable-decoder=speex: FFmpeg's own makes two samples of one of wideband in Matroska and Ogg; that of libspeex is right.
#   --disable-network: no playlist, no reference inside a file can make ffmpeg call an address.
set -eu
source=$1
prefix=$2
shift 2
cd "$source"
./configure --prefix="$prefix" --pkg-config-flags=--static --extra-libs='-lstdc++ -lm' \
  --disable-autodetect --disable-debug --disable-doc --disable-ffplay --disable-network \
  --enable-gpl --enable-version3 \
  --enable-libx265 --enable-libx264 --enable-libsnappy --enable-libzimg --enable-libdav1d --enable-libsvtav1 \
  --enable-libopus --enable-libspeex --disable-decoder=speex --enable-libvpx --enable-iconv --enable-zlib --enable-bzlib "$@"
make -j"$(nproc)"
make install-progs
