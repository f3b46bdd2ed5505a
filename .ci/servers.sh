# Starts RabbitMQ and MariaDB for the tests and stops them again. Sourced by .ci/run and .ci/with-servers.
#
# Each server gets free ports, a data folder below $scratch and its own system user, and serves
# 127.0.0.1 only, so that it meets neither an installed service nor a second run beside it.
# Everything started here is stopped by stop_all, by process id.

server_pids=()

say() { printf '== %s\n' "$*"; }
die() { printf '.ci: %s\n' "$*" >&2; exit 1; }

answers() { # host port
  (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null
}

# Below the range that the kernel hands out by itself, so that no client socket takes the port first.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    answers 127.0.0.1 "$port" || { echo "$port"; return; }
  done
}

# Whether the server behind an amqp:// or jdbc:mariadb:// address answers.
address_answers() {
  local rest=${1#*://} host port
  rest=${rest%%/*}
  rest=${rest##*@}
  host=${rest%%:*}
  port=${rest##*:}
  [ -n "$host" ] && [[ $port =~ ^[0-9]+$ ]] && answers "$host" "$port"
}

await() { # what seconds command...
  local what=$1 until=$((SECONDS + $2))
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.2
  done
}

# Installs Debian packages without letting them start their services.
install_packages() {
  local policy=/usr/sbin/policy-rc.d kept=
  [ "$(id -u)" = 0 ] || die "to install $* one must be root"
  command -v apt-get >/dev/null || die "$* missing, and no apt-get to install them"
  say "install $*"
  [ -e "$policy" ] && { kept=$scratch/policy-rc.d; cp -a "$policy" "$kept"; }
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  local failed=0
  { DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
    >"$scratch/apt.log" 2>&1 </dev/null || failed=1
  if [ -n "$kept" ]; then mv "$kept" "$policy"; else rm -f "$policy"; fi
  [ "$failed" = 0 ] || { tail -n 30 "$scratch/apt.log" >&2; die "apt-get could not install $*"; }
}

# Runs a server in a process group of its own, detached from our input and output.
launch() { # log-file command...
  local log=$1
  shift
  setsid "$@" </dev/null >>"$log" 2>&1 &
  server_pids+=($!)
}

start_rabbitmq() {
  local try
  if [ -n "${JOBS4J_TEST_RABBITMQ:-}" ] && address_answers "$JOBS4J_TEST_RABBITMQ"; then
    say "RabbitMQ: the one of JOBS4J_TEST_RABBITMQ"
    return
  fi
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || install_packages rabbitmq-server
  for try in 1 2 3; do # a port may be taken between our look and the server's
    if launch_rabbitmq "$scratch/rabbitmq.$try"; then return; fi
  done
  tail -n 30 "$scratch/rabbitmq.3/out.log" >&2
  die "RabbitMQ did not start"
}

launch_rabbitmq() { # folder
  local home=$1 port dist epmd
  port=$(free_port)
  dist=$(free_port)
  epmd=$(free_port)
  mkdir -p "$home/mnesia" "$home/log"
  cat >"$home/rabbitmq.conf" <<EOF
listeners.tcp.1 = 127.0.0.1:$port
default_user = jobs
default_pass = jobs
default_vhost = jobs4j
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 50MB
EOF
  echo '[].' >"$home/enabled_plugins"
  : >"$home/env.conf"
  printf 'jobs%s%s' "$RANDOM" "$RANDOM" >"$home/.erlang.cookie"
  chmod 400 "$home/.erlang.cookie"
  chown -R rabbitmq:rabbitmq "$home"
  local as=(setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups
    env -i "PATH=$PATH" LANG=C.UTF-8 "HOME=$home" "JOBS4J_CI_RUN=$JOBS4J_CI_RUN"
    "ERL_EPMD_PORT=$epmd" ERL_EPMD_ADDRESS=127.0.0.1
    "RABBITMQ_NODENAME=jobs$port@localhost" "RABBITMQ_DIST_PORT=$dist"
    "RABBITMQ_CONFIG_FILE=$home/rabbitmq.conf" "RABBITMQ_CONF_ENV_FILE=$home/env.conf"
    "RABBITMQ_MNESIA_BASE=$home/mnesia" "RABBITMQ_LOG_BASE=$home/log"
    "RABBITMQ_ENABLED_PLUGINS_FILE=$home/enabled_plugins" "RABBITMQ_PID_FILE=$home/pid"
    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}")
  # In the foreground, else the server starts one as a daemon that outlives it.
  launch "$home/epmd.log" "${as[@]}" epmd
  await epmd 10 answers 127.0.0.1 "$epmd" || return 1
  launch "$home/out.log" "${as[@]}" /usr/lib/rabbitmq/bin/rabbitmq-server
  await RabbitMQ 60 answers 127.0.0.1 "$port" || return 1
  export JOBS4J_TEST_RABBITMQ=amqp://jobs:jobs@127.0.0.1:$port/jobs4j
  say "RabbitMQ: started on port $port"
}

start_mariadb() {
  local try
  if [ -n "${JOBS4J_TEST_MARIADB:-}" ] && address_answers "$JOBS4J_TEST_MARIADB"; then
    say "MariaDB: the one of JOBS4J_TEST_MARIADB"
    return
  fi
  { command -v mariadbd && command -v mariadb && command -v mariadb-install-db; } >/dev/null ||
    install_packages mariadb-server
  for try in 1 2 3; do
    if launch_mariadb "$scratch/mariadb.$try"; then return; fi
  done
  tail -n 30 "$scratch/mariadb.3/out.log" >&2
  die "MariaDB did not start"
}

launch_mariadb() { # folder
  local home=$1 port
  port=$(free_port)
  mkdir -p "$home/data"
  chown -R mysql:mysql "$home"
  mariadb-install-db --no-defaults --user=mysql --auth-root-authentication-method=normal \
    --skip-test-db --datadir="$home/data" >"$home/install.log" 2>&1 </dev/null ||
    { tail -n 30 "$home/install.log" >&2; die "MariaDB could not make its data folder"; }
  launch "$home/out.log" "$(command -v mariadbd)" --no-defaults --user=mysql --datadir="$home/data" \
    --socket="$home/s.sock" --pid-file="$home/pid" --port="$port" --bind-address=127.0.0.1 \
    --character-set-server=utf8mb4 --max-connections=300 --innodb-buffer-pool-size=256M
  await MariaDB 60 test -S "$home/s.sock" || return 1
  mariadb --no-defaults --socket="$home/s.sock" --user=root >>"$home/out.log" 2>&1 <<'EOF' || return 1
CREATE DATABASE jobs;
CREATE USER jobs@'127.0.0.1' IDENTIFIED BY 'jobs';
CREATE USER jobs@localhost IDENTIFIED BY 'jobs';
GRANT ALL ON *.* TO jobs@'127.0.0.1';
GRANT ALL ON *.* TO jobs@localhost;
EOF
  await MariaDB 30 answers 127.0.0.1 "$port" || return 1
  export JOBS4J_TEST_MARIADB="jdbc:mariadb://127.0.0.1:$port/jobs?user=jobs&password=jobs"
  say "MariaDB: started on port $port"
}

command_pid=

# Runs a command in a process group of its own and waits for it, so that a signal to us is not held
# up until the command ends, and the command ends with us.
run_command() {
  local status=0
  setsid "$@" </dev/null &
  command_pid=$!
  wait "$command_pid" || status=$?
  command_pid=
  return "$status"
}

# Ends a process group: first asked, after the seconds forced.
stop_group() { # pid seconds
  local until=$((SECONDS + $2))
  kill -TERM -- "-$1" 2>/dev/null || return 0
  while kill -0 -- "-$1" 2>/dev/null; do
    [ "$SECONDS" -lt "$until" ] || { kill -KILL -- "-$1" 2>/dev/null; break; }
    sleep 0.1
  done
  wait "$1" 2>/dev/null
  return 0
}

# Stops everything that was started here, the command first.
stop_all() {
  local i
  [ -z "$command_pid" ] || stop_group "$command_pid" 20
  command_pid=
  for ((i = ${#server_pids[@]} - 1; i >= 0; i--)); do # epmd after the node that is registered there
    stop_group "${server_pids[i]}" 20
  done
  server_pids=()
}

# The processes that carry this run's mark in their environment, this shell left out.
marked_processes() {
  local file pid
  for file in $(grep -lsz -- "^JOBS4J_CI_RUN=$JOBS4J_CI_RUN\$" /proc/[0-9]*/environ); do
    pid=${file#/proc/}
    pid=${pid%/environ}
    [ "$pid" = "$$" ] || [ "$pid" = "$BASHPID" ] || echo "$pid"
  done
}

# Whatever a test or an interrupted server left behind is named and ended.
end_leftovers() {
  local pid
  for pid in $(marked_processes); do
    [ -r "/proc/$pid/cmdline" ] || continue
    printf '.ci: still running, ended now: %s %s\n' "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c1-120)" >&2
    kill -KILL "$pid" 2>/dev/null
  done
}

# Makes the folder that all of this run's files lie in, and sees that nothing outlives the shell.
new_scratch() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/jobs4j-ci.XXXXXX") || die "no temporary folder"
  chmod 755 "$scratch" # the servers' users pass through it
  export JOBS4J_CI_RUN=${scratch##*/} # the mark; a process shows the environment that it was started with
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
}

clean_up() {
  local status=$?
  trap '' INT TERM HUP
  stop_all
  end_leftovers
  rm -rf "$scratch"
  exit "$status"
}
