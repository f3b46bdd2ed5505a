#!/usr/bin/env bash
# Joins surefire's XML reports with the backends that the suites noted, and prints one row a suite.
#
#   .ci/report.sh FOLDER COUNTS
#
# FOLDER holds <jdk>/<module>/TEST-*.xml and <jdk>/<module>/backends.tsv. The table goes to standard
# output; "passed failed skipped" to the file COUNTS. Fails when a suite ran nowhere without a reason
# that counts: the only server that the tests may miss is a real MongoDB.
set -uo pipefail
cd "$1" || exit 1
counts=$2

find . -name 'TEST-*.xml' -o -name backends.tsv | sort | LC_ALL=C awk '
  function attribute(text, name) {
    if (!match(text, " " name "=\"[^\"]*\"")) return ""
    text = substr(text, RSTART, RLENGTH)
    sub(/^[^"]*"/, "", text); sub(/"$/, "", text)
    return text
  }
  function note_backends(file, place,    line, field, key, before) {
    while ((getline line < file) > 0) {
      split(line, field, "\t")
      key = place SUBSEP field[1]
      before = (key in backend) ? backend[key] ", " : "" # apart, since mawk makes the element first
      backend[key] = before field[2] " (" field[3] ")"
      if (field[3] == "absent") absent[key] = field[2]
    }
    close(file)
  }
  function note_suite(file, place,    line, found, name, key) {
    while (!found && (getline line < file) > 0) found = index(line, "<testsuite ")
    close(file)
    if (!found) { broken = broken "\n  unreadable report: " file; return }
    name = attribute(line, "name")
    sub(/.*\./, "", name)
    key = place SUBSEP name
    order[++suites] = key
    tests[key] = attribute(line, "tests") + 0
    bad[key] = attribute(line, "failures") + attribute(line, "errors")
    skipped[key] = attribute(line, "skipped") + 0
    if (tests[key] == 0) skipped[key] = 1          # the class was left out as a whole
    ran[key] = tests[key] - (tests[key] == 0 ? 0 : skipped[key])
    split(place, part, SUBSEP)
    ran_anywhere[part[2], name] += ran[key]
  }
  {
    split($0, path, "/")                            # ./jdk/module/file
    place = path[2] SUBSEP path[3]
    if (path[4] == "backends.tsv") note_backends($0, place); else note_suite($0, place)
  }
  function row(jdk, module, suite, on, r, f, s) {
    printf "%-4s %-24s %-38s %-44s %6s %6s %7s\n", jdk, module, suite, on, r, f, s
  }
  END {
    row("JDK", "module", "suite", "backend", "run", "failed", "skipped")
    for (i = 1; i <= suites; i++) {
      key = order[i]
      split(key, part, SUBSEP)
      run += ran[key]; failed += bad[key]; left_out += skipped[key]
      if (key in backend) {
        row(part[1], part[2], part[3], backend[key], ran[key], bad[key], skipped[key])
      } else {
        place = part[1] SUBSEP part[2]
        if (!(place in plain)) { plain[place] = 0; places[++n] = place }
        plain[place]++
        plain_ran[place] += ran[key]; plain_bad[place] += bad[key]; plain_skipped[place] += skipped[key]
      }
      excused = (key in absent) && absent[key] ~ /^MongoDB/
      if ((key in absent) && !excused)
        broken = broken "\n  " part[3] " (JDK " part[1] ") did not find " absent[key]
      else if (ran_anywhere[part[2], part[3]] == 0 && !excused && !((part[2], part[3]) in told)) {
        told[part[2], part[3]] = 1
        broken = broken "\n  " part[3] " ran no test on any JDK"
      }
    }
    for (i = 1; i <= n; i++) {
      split(places[i], part, SUBSEP)
      row(part[1], part[2], plain[places[i]] (plain[places[i]] == 1 ? " suite" : " suites"), "-",
        plain_ran[places[i]], plain_bad[places[i]], plain_skipped[places[i]])
    }
    print run - failed, failed + 0, left_out + 0 > counts
    if (broken != "") { print "\nSkipped or lost:" broken; exit 1 }
  }
' counts="$counts" -
