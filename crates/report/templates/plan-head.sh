#!/bin/sh
# A response plan: every step says what it does, and waits for an answer.
#
# Each account needs credentials of its own. Name a profile of the AWS CLI for each in a variable
# such as ROLECALL_PROFILE_111122223333, and the one of the organization's management account in
# ROLECALL_PROFILE_MANAGEMENT. Without one the present credentials are used; a step whose account
# is not theirs is not run.
#
# What is said, run and answered is kept in a log beside the script (ROLECALL_LOG names another).
set -eu

original_profile=${AWS_PROFILE:-}
answer=
profile=
status=0
output=
program=
log=

begin() {
  log=${ROLECALL_LOG:-$1}
  umask 077
  : >>"$log"
  # Answers come from the terminal. Without one they come from standard input.
  if [ -t 0 ] && (exec 3</dev/tty) 2>/dev/null; then
    exec 3</dev/tty
  else
    exec 3<&0
  fi
  say "$2" "Log: $log"
}

say() {
  printf '%s\n' "$@"
  printf '%s\n' "$@" >>"$log"
}

# Gives 0 for yes and 1 for skip; ends the script for quit.
ask() {
  while :; do
    printf '%s ' "$1"
    IFS= read -r answer <&3 || answer=q
    printf '%s %s\n' "$1" "$answer" >>"$log"
    case $answer in
      y | Y | yes) return 0 ;;
      s | S | skip) say 'Skipped.'; return 1 ;;
      q | Q | quit) say '' 'Stopped.'; exit 0 ;;
      *) printf '%s\n' 'Answer y, s or q.' ;;
    esac
  done
}

ask_value() {
  printf '%s ' "$1"
  IFS= read -r answer <&3 || { say '' 'Stopped.'; exit 0; }
}

use_account() {
  profile_of "$1"
  if [ -n "${profile:-$original_profile}" ]; then
    AWS_PROFILE=${profile:-$original_profile}
    export AWS_PROFILE
  else
    unset AWS_PROFILE
  fi
  if [ "$1" = management ]; then
    return 0
  fi
  output=$(aws sts get-caller-identity --query Account --output text 2>&1) || output="none: $output"
  if [ "$output" != "$1" ]; then
    say "Skipped: these credentials are of account $output and not of $1." \
      "Set ROLECALL_PROFILE_$1 to a profile of that account and run the script again."
    return 1
  fi
}

# Runs a command, and keeps what it says and how it ends.
capture() {
  program=$1
  status=0
  output=$("$@" 2>&1) || status=$?
}

# Gives 0 where there is something to do: the command gives what says that `what` is so.
applies() {
  what=$1
  kind=$2
  value=$3
  shift 3
  capture "$@"
  if is_expected; then
    return 0
  fi
  if [ "$status" -ne 0 ] && ! is_answered; then
    say "It cannot be told whether $what:" "$output"
    ask 'Do the step all the same? [y/s(kip)/q]'
    return
  fi
  say "Nothing to do: this step is for where $what." "$output"
  return 1
}

# The same for a command that is run once for each thing.
again() {
  what=$1
  kind=$2
  value=$3
  shift 3
  capture "$@"
  if is_expected; then
    ask "It is still so that $what. Run again? [y/s(kip)/q]"
    return
  fi
  return 1
}

show() {
  output=$("$@" 2>&1) || :
  say 'Now:' "$output"
}

run() {
  capture "$@"
  say "$output"
  result
}

# The answer holds a secret: it goes to the terminal alone.
run_secret() {
  program=$1
  status=0
  output=
  "$@" || status=$?
  result
}

# The answer is a verdict, and its status says which.
run_verdict() {
  capture "$@"
  say "$output"
  case $status in
    0) say 'CLEAN: close the incident when this step says so.' ;;
    3)
      say 'NOT CLEAN: something works or was undone. Do what this step says about it, and verify again.'
      fall_short
      ;;
    4)
      say 'IT CANNOT BE TOLD from these logs, which is not clean. Do what this step says about it, and verify again.'
      fall_short
      ;;
    *) result ;;
  esac
}

# The step did not do what it is for. Gives 1, unless that ends the script.
fall_short() {
  ask 'Go on with the next step? [y/q]' || :
  return 1
}

result() {
  if [ "$program" = rolecall ] && [ "$status" -eq 4 ]; then
    say 'Done, but a part of the input could not be read, as it says above: read that, too, where you can.'
    return 0
  fi
  if [ "$status" -ne 0 ] && is_missing; then
    say 'It is not there: somebody took it away, or a step before was skipped. Nothing to do.'
    return 1
  fi
  if [ "$status" -ne 0 ]; then
    say "It failed with status $status."
    fall_short
  fi
}

# A change takes a while to reach every place: look again twice.
expect() {
  kind=$1
  value=$2
  shift 2
  for try in 1 2 3; do
    capture "$@"
    if is_expected; then
      say 'Checked: as expected.'
      # A time or a hash in it is to be kept.
      [ "$kind" != contains ] || say "$output"
      return 0
    fi
    [ "$try" = 3 ] || sleep "${ROLECALL_WAIT:-5}"
  done
  say 'NOT as expected. The check gave:' "$output"
  ask 'Go on all the same? [y/q]' || :
}

is_expected() {
  case $kind in
    equals) [ "$status" -eq 0 ] && [ "$output" = "$value" ] ;;
    contains) [ "$status" -eq 0 ] && has "$output" "$value" ;;
    lacks) is_answered && ! has "$output" "$value" ;;
    fails) [ "$status" -ne 0 ] && has "$output" "$value" ;;
    *) return 1 ;;
  esac
}

# A read call that finds nothing is an answer, too.
is_answered() {
  [ "$status" -eq 0 ] || is_missing
}

# Others than AWS may use these words of a file or of nothing.
is_missing() {
  [ "$program" = aws ] || return 1
  has "$output" NotFound || has "$output" NoSuch
}

has() {
  case $1 in
    *"$2"*) return 0 ;;
    *) return 1 ;;
  esac
}
