#!/usr/bin/env bash
# Makes sure that the C libraries Pleat links are there: OpenBLAS, GMP, zlib and HiGHS. Safe to run again: what is there
# stays as it is, each installation is announced, and when nothing is missing it prints one line and exits 0.
#
# HiGHS comes from the first place that has version 1.10 or newer: pkg-config, then apt, then the PyPI package
# `highsbox`, whose shared library and headers are unpacked into .deps/highs. The user's Python is left as it is.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source scripts/environment.sh

readonly highs_floor=1.10
readonly deps=$PWD/.deps

say() { printf 'dependencies: %s\n' "$*"; }
fail() {
  printf 'dependencies: %s\n' "$@" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# The .pc file of .deps may outlive its library (a half-deleted folder), so the library itself is looked at as well.
highs_present() {
  has pkg-config && pkg-config --atleast-version="$highs_floor" highs || return 1
  [[ ! -e $deps/pkgconfig/highs.pc || -e $deps/highs/lib/libhighs.so ]]
}

# Prints the Debian names of the packages that are not installed.
missing_packages() {
  if ! has pkg-config; then
    # Without it nothing can be asked for; apt leaves alone what is already there.
    echo pkg-config libopenblas-dev libgmp-dev zlib1g-dev
    return
  fi
  local missing=()
  pkg-config --exists openblas || missing+=(libopenblas-dev)
  pkg-config --exists gmp || missing+=(libgmp-dev)
  pkg-config --exists zlib || missing+=(zlib1g-dev)
  echo "${missing[*]-}"
}

# Prefix of a command that needs an administrator: nothing for root, sudo when it will not stall on a password that
# nobody can type. Returns 1 when there is no way.
administrator() {
  if [[ $(id -u) -eq 0 ]]; then
    return 0
  elif has sudo && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
    echo sudo
  else
    return 1
  fi
}

apt_lists_fresh=no
apt_update() {
  [[ $apt_lists_fresh == no ]] || return 0
  apt_lists_fresh=yes
  say "reading the package lists (apt-get update)"
  $(administrator) apt-get -qq update || say "apt-get update failed; going on with the lists that are there"
}

apt_install() {
  if ! administrator >/dev/null; then
    fail "these packages are missing: $*" "an administrator must run:" \
      "  apt-get update && apt-get install -y --no-install-recommends $*"
  fi
  apt_update
  say "installing $* (apt-get install)"
  $(administrator) env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null ||
    fail "apt-get could not install: $*" "run this by hand to see why: apt-get install $*"
}

apt_highs_version() { apt-cache policy libhighs-dev 2>/dev/null | sed -n 's/^ *Candidate: *//p' | grep -v '(none)'; }

# Succeeds when apt's libhighs-dev is new enough. A machine without package lists (a fresh container) reads them first.
apt_offers_highs() {
  has apt-get || return 1
  if administrator >/dev/null && ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then apt_update; fi
  local version
  version=$(apt_highs_version) && dpkg --compare-versions "$version" ge "$highs_floor"
}

pip_present() { has python3 && python3 -m pip --version >/dev/null 2>&1; }

install_highsbox() {
  if ! pip_present; then
    has apt-get || fail "HiGHS $highs_floor or newer is missing, and Python's pip is not there to fetch it" \
      "install HiGHS (https://highs.dev) so that pkg-config finds 'highs', or install python3 with pip"
    apt_install python3-pip
  fi
  mkdir -p "$deps"
  stage=$(mktemp -d "$deps/stage.XXXXXX")
  trap 'rm -rf "$stage"' EXIT
  say "fetching HiGHS (PyPI package highsbox) into .deps/highs"
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
    --no-compile --only-binary :all: --target "$stage/python" "highsbox>=$highs_floor,<2" ||
    fail "pip could not fetch highsbox for $(uname -sm)" \
      "build HiGHS $highs_floor or newer (https://highs.dev) and let PKG_CONFIG_PATH name the folder of its highs.pc"

  local box=$stage/python/highsbox/highs_dist version
  version=$(sed -n 's/^Version: *//p' "$box/lib/pkgconfig/highs.pc" 2>/dev/null) || true
  [[ -n $version && -e $box/lib/libhighs.so && -e $box/include/highs/interfaces/highs_c_api.h ]] ||
    fail "highsbox does not have the layout that was expected (lib/libhighs.so, include/highs, lib/pkgconfig/highs.pc)"

  # libhighs.so does not load the OpenBLAS that lies next to it in the wheel. Taking it along would let `-lopenblas`
  # find that build, which is for one processor family and four threads, before the system's.
  mkdir -p "$stage/highs/lib" "$stage/highs/include"
  cp -a "$box/lib/libhighs.so" "$stage/highs/lib/"
  cp -a "$box/include/highs" "$stage/highs/include/"
  cp -a "$box/share/doc/HIGHS/LICENSE.txt" "$stage/highs/" 2>/dev/null || true
  # Relative to the .pc file, so that the project folder may be moved.
  cat >"$stage/highs.pc" <<PC
prefix=\${pcfiledir}/../highs
libdir=\${prefix}/lib
includedir=\${prefix}/include/highs

Name: HiGHS
Description: Linear, mixed-integer and quadratic optimization
URL: https://highs.dev
Version: $version
Libs: -L"\${libdir}" -lhighs
Cflags: -I"\${includedir}"
PC
  # The .pc file comes last: what it names is then complete, even if this is interrupted half-way.
  rm -rf "$deps/highs"
  mv "$stage/highs" "$deps/highs"
  mkdir -p "$deps/pkgconfig"
  mv "$stage/highs.pc" "$deps/pkgconfig/highs.pc"
  source scripts/environment.sh
}

if ! has swift; then
  fail "the Swift toolchain (6.0 or newer) is missing: https://www.swift.org/install"
fi

if [[ $(uname -s) == Darwin ]]; then
  missing=$(missing_packages)
  if [[ -n $missing ]] || ! highs_present; then
    fail "some libraries are missing; install them with Homebrew:" "  brew install pkgconf openblas gmp zlib highs"
  fi
  say "all present"
  exit 0
fi

read -ra missing <<<"$(missing_packages)"
if ((${#missing[@]} > 0)); then
  has apt-get || fail "missing libraries, by their Debian names: ${missing[*]}" \
    "install their development packages with this system's package manager, so that pkg-config finds them:" \
    "  Fedora: dnf install pkgconf openblas-devel gmp-devel zlib-devel" \
    "  Arch:   pacman -S pkgconf openblas gmp zlib"
  apt_install "${missing[@]}"
  still_missing=$(missing_packages)
  [[ -z $still_missing ]] || fail "apt-get installed ${missing[*]}, but pkg-config still does not find: $still_missing"
fi

if ! highs_present; then
  if apt_offers_highs && administrator >/dev/null; then
    apt_install libhighs-dev
  else
    install_highsbox
  fi
  highs_present || fail "HiGHS was installed, but pkg-config does not find version $highs_floor or newer of it"
fi

# PNG pictures only: without it everything else works, and `pleat` says what to install.
if ! has rsvg-convert; then
  if has apt-get && administrator >/dev/null; then
    apt_install librsvg2-bin fonts-dejavu-core
  else
    say "rsvg-convert (librsvg) is not there: pictures can be written as SVG, but not as PNG"
  fi
fi

say "all present (OpenBLAS $(pkg-config --modversion openblas), GMP $(pkg-config --modversion gmp)," \
  "zlib $(pkg-config --modversion zlib), HiGHS $(pkg-config --modversion highs))"
