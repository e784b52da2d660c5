# Sourced by the benchmarks: makes a Python environment of their own, once.
#
#   make_environment NAME FOLDER PYTHON PACKAGE ...   NAME is what messages are headed with

make_environment() {
  local name=$1 environment=$2 python=$3
  shift 3
  [[ ! -e $environment/ready ]] || return 0
  echo "$name: installing $* into ${environment#"$root"/} (once)" >&2
  rm -rf "$environment"
  "$python" -m venv "$environment" || {
    echo "$name: Python's venv module is needed (Debian and Ubuntu: apt-get install python3-venv)" >&2
    exit 2
  }
  "$environment/bin/pip" install --quiet --disable-pip-version-check "$@"
  touch "$environment/ready"
}
