package dev.jobs4j.simulation;

/** What must hold: the contract's invariants, and what must come true once the faults are over. */
enum Rule {
  S1("no acknowledged enqueue is lost, none is stored twice"),
  S2("what has ended stays so, and nothing starts under a token that is over"),
  S3("an outcome is applied if and only if its token is the one that runs"),
  S4("at most one ending of a job is accepted"),
  S5("tokens of a job only grow, each start has its own"),
  S6("attempts and crashes are counted, and bounded"),
  S7("one lease at a time, lost only for a cause, and who lost it is told"),
  S8("nothing starts before its time or while paused"),
  S9("what a transaction enqueues is there if and only if it commits"),
  S10("jobs are taken from dead engines alone, and such an engine never comes back"),
  S11("a firing of a recurring job is one job, and firings go forward"),
  S12("one live job for a unique key"),
  S13("no more run at once than a limit or a line allows, and lines keep their order"),
  S14("a node is never given what it does not know"),
  L1("a due job starts within a poll"),
  L2("the job of a crashed node starts again when its lease and the grace are over"),
  L3("after an outage every loop works again"),
  L4("no slot is lost for ever"),
  L5("everything ends, whatever else does not"),
  L6("a stop returns in time");

  private final String promise;

  Rule(String promise) {
    this.promise = promise;
  }

  String promise() {
    return promise;
  }
}
