# shellcheck shell=bash
# Sourced by the other scripts: the program, and the one process that an instance may leave behind.
#
#   pleat                  the built program
#   note_instance PID      remembers the process of the instance that runs
#   forget_instance        it has ended
#   end_earlier_instance   ends a process that was noted and never forgotten, if it is still pleat

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Where SwiftPM links the release build; asking it for the path would take seconds of every run.
# shellcheck disable=SC2034  # for the scripts that source this one
pleat=$root/.build/release/pleat
note=${TMPDIR:-/tmp}/pleat-instance-$UID.pid

note_instance() { echo "$1" > "$note"; }

forget_instance() { rm -f "$note"; }

end_earlier_instance() {
  local process
  [[ -r $note ]] || return 0
  process=$(< "$note")
  forget_instance
  # The number may have gone to another program in the meantime.
  if [[ $process =~ ^[0-9]+$ && $(ps -o comm= -p "$process") == pleat ]]; then kill -KILL "$process"; fi
}
