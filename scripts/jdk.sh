# Sourced by ./sekisho and ./dev. Finds JDK 25 without starting any Java: each home has a file "release" with its version.

# jdk_version HOME: prints the major version of the JDK there, nothing if it is none
jdk_version() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# find_jdk: sets JAVA_HOME to a JDK 25; false, with what was looked at in JDK_LOOKED, if there is none
find_jdk() {
  local candidate version on_path
  JDK_LOOKED=""
  on_path=$(command -v java 2> /dev/null || true)
  [ -n "$on_path" ] && on_path=$(dirname "$(dirname "$(readlink -f "$on_path" 2> /dev/null || echo "$on_path")")")
  for candidate in "${SEKISHO_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home "$on_path"; do
    [ -n "$candidate" ] && [ -d "$candidate" ] || continue
    version=$(jdk_version "$candidate")
    if [ "$version" = 25 ]; then
      export JAVA_HOME="$candidate"
      return 0
    fi
    JDK_LOOKED="$JDK_LOOKED
  $candidate ($(if [ -n "$version" ]; then echo "Java $version"; else echo "no JDK"; fi))"
  done
  return 1
}

# need_jdk: find_jdk, or say how to get one and exit 69
need_jdk() {
  find_jdk && return
  cat >&2 <<TEXT
sekisho: needs a JDK 25 and found none. Looked at:${JDK_LOOKED:-
  nothing: no SEKISHO_JAVA_HOME, no JAVA_HOME, nothing in /usr/lib/jvm or ~/.sdkman, no java on the PATH}

To get it:
  Debian, Ubuntu   apt install openjdk-25-jdk-headless     (where the release has it; else see adoptium.net: temurin-25-jdk)
  macOS            brew install openjdk@25
  any              curl -s https://get.sdkman.io | bash; sdk install java 25-tem
or, if you have one elsewhere:  export SEKISHO_JAVA_HOME=/path/to/jdk-25
TEXT
  exit 69
}
