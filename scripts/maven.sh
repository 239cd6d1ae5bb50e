# Sourced by ./sekisho and ./dev. Runs Maven and shows one line a module, or what went wrong.

# need_maven: says how to get Maven and exits 69 if there is none
need_maven() {
  command -v mvn > /dev/null && return
  cat >&2 <<'TEXT'
sekisho: needs Maven 3.8 or later to build, and there is no mvn on the PATH.
  Debian, Ubuntu   apt install maven
  macOS            brew install maven
TEXT
  exit 69
}

# run_maven LOG ARGUMENTS…: a line for each module with its seconds and tests; on failure the errors; everything is in LOG
run_maven() {
  local log=$1 line name="" started=$SECONDS fetched=0 told=$SECONDS tests="" status=1
  shift
  mkdir -p "$(dirname "$log")"
  : > "$log"
  while true; do
    if IFS= read -r -t 10 line <&3; then
      printf '%s\n' "$line" >> "$log"
    else
      # above 128: nothing was said for 10 seconds; else the end
      [ $? -gt 128 ] || break
      line=""
    fi
    case $line in
      *"Downloaded from"*) fetched=$((fetched + 1)) ;;
      *"[INFO] Building Sekisho "[a-z]*)
        [ -z "$name" ] || module_line
        name=${line##*Building Sekisho }
        name=${name%% *}
        started=$SECONDS tests="" ;;
      *"Tests run:"*"Time elapsed"*) ;;
      *"Tests run:"*) tests=${line##*Tests run: } tests=${tests%%,*} ;;
      "STATUS "*) status=${line#STATUS } ;;
    esac
    if [ $((SECONDS - told)) -ge 10 ]; then
      told=$SECONDS
      printf '  … %s, %s s%s\n' "${name:-starting}" $((SECONDS - started)) "$([ $fetched -eq 0 ] || echo ", $fetched files fetched")"
    fi
  done 3< <(
    MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow" mvn -B -Dstyle.color=never "$@" 2>&1 < /dev/null && printf '\nSTATUS 0\n' || printf '\nSTATUS %s\n' $?
  )
  if [ "$status" -eq 0 ]; then
    [ -z "$name" ] || module_line
    return 0
  fi
  echo "  $name failed after $((SECONDS - started)) s:" >&2
  { grep -E '^\[ERROR\] [^[]|^\[WARNING\] .*\.java' "$log" || tail -n 30 "$log"; } \
    | grep -vE 're-run Maven|Re-run Maven|For more information|After correcting|mvn <args>|warnings found and -Werror' | head -60 >&2
  echo "  All of it: $log" >&2
  return 1
}

module_line() {
  told=$SECONDS
  printf '  %-10s %3s s%s\n' "$name" $((SECONDS - started)) "${tests:+, $tests tests}"
}
