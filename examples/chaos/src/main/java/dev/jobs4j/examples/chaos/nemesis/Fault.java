package dev.jobs4j.examples.chaos.nemesis;

/** What can go wrong, and whether it may cost a lease: only then does it explain a second run. */
public enum Fault {
  /** A worker dies with -9 and is started again. */
  KILL(Reach.WORKER, true),
  /** A worker stands still for longer than its lease, then goes on. */
  FREEZE(Reach.WORKER, true),
  /** A worker is told to end in order, in the middle of its work. */
  TERMINATE(Reach.WORKER, true),
  /** What a process says does not arrive. */
  HOLE_REQUESTS(Reach.WIRE, true),
  /** What it is answered does not arrive. */
  HOLE_ANSWERS(Reach.WIRE, true),
  /** Neither does. */
  HOLE_BOTH(Reach.WIRE, true),
  /** The server is gone from the connections of a process, which is not told. */
  HALF_OPEN(Reach.WIRE, true),
  /** Everything is late, up to twice the lease. */
  DELAY(Reach.WIRE, true),
  /** The host's own code holds every connection of the pool. */
  POOL(Reach.WORKER, false),
  /** The connections of a process are reset. */
  RESET(Reach.WIRE, false),
  /** A connection breaks between a commit and its answer. */
  CUT(Reach.WIRE, false),
  /** The server dies with -9 and is started again. */
  DATABASE_KILL(Reach.SERVER, true),
  /** The server takes no writes. */
  READ_ONLY(Reach.SERVER, true),
  /** All sessions are ended by an administrator. */
  BACKENDS(Reach.SERVER, false);

  /** Whom it hits. */
  public enum Reach {
    /** One worker. */
    WORKER,
    /** One process, by its wire. */
    WIRE,
    /** Everybody. */
    SERVER
  }

  /** The target of what hits everybody. */
  public static final String ALL = "all";

  private final Reach reach;
  private final boolean mayCostLease;

  Fault(Reach reach, boolean mayCostLease) {
    this.reach = reach;
    this.mayCostLease = mayCostLease;
  }

  /** Whom it hits. */
  public Reach reach() {
    return reach;
  }

  /** Whether a lease may be lost by it. */
  public boolean mayCostLease() {
    return mayCostLease;
  }

  /** Whether connections break by it: then a process needs its pool to go on renewing. */
  public boolean breaksConnections() {
    return this == RESET || this == CUT || this == BACKENDS;
  }

  /** Whether it is counted among the partitions and half-open connections. */
  public boolean isPartition() {
    return name().startsWith("HOLE") || this == HALF_OPEN;
  }
}
