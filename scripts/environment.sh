# Sourced, from the project root, by the other scripts: where the C libraries are, and the one set of flags that every
# build uses, so that building, testing and running never compile the same file twice.
#
#   PKG_CONFIG_PATH   extended so that SwiftPM finds the libraries
#   swift_flags       options for `swift build` and `swift test`

swift_flags=(-c release -Xswiftc -enable-testing)

# HiGHS as unpacked by dependencies.sh. SwiftPM takes the include and library folders from highs.pc but drops its rpath,
# so the run-time search path is said here: the project's own copy, then the one that `make install` puts down.
if [[ -e $PWD/.deps/pkgconfig/highs.pc ]]; then
  case ":${PKG_CONFIG_PATH-}:" in
    *":$PWD/.deps/pkgconfig:"*) ;;
    *) export PKG_CONFIG_PATH=$PWD/.deps/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH} ;;
  esac
  swift_flags+=(-Xlinker -rpath -Xlinker "$PWD/.deps/highs/lib" -Xlinker -rpath -Xlinker '$ORIGIN/../lib/pleat')
fi

# Homebrew does not link these two into its common folder, because macOS has its own.
if [[ $(uname -s) == Darwin ]] && command -v brew >/dev/null 2>&1; then
  homebrew=$(brew --prefix)/opt
  kegs=$homebrew/openblas/lib/pkgconfig:$homebrew/zlib/lib/pkgconfig
  export PKG_CONFIG_PATH=$kegs${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
fi
