/*
 * The engine lease (ADR 2) and its tokens (ADR 3): two engines, one reaper, one job. ADR 35 says why.
 *
 * An atomic block is one transaction of the store, or one step of a thread that no other sees half
 * done. Between two of them anything may happen; whoever rests there is frozen. There is no time: a
 * lease expires when Fate likes, so nothing here leans on a clock. What a thread has in hand lies in
 * variables, so that a crash can wipe it out.
 *
 * .ci/model shows that what is asserted holds, and that each BUG breaks it.
 */
#ifndef BUG
#define BUG 0
#endif
#define NO_TOKEN_CHECK 1 /* settle by the job's id alone */
#define NO_FENCE 2       /* take back the jobs of an expired engine without fencing it */
#define NO_LIVE_CHECK 3  /* claim for any engine */
#define SAME_ID 4        /* come back from a fence under the old id */
#define NO_RESOLVE 5     /* forget a claim whose answer was lost */
#define NO_RECONCILE 6   /* never look into the books */
#define NO_RAISE 7       /* take back without raising the token */
#define NO_CRASH_CAP 8   /* take back for ever */
#define LOOK_FIRST 9     /* look whether the lease is safe before noting what was given, not after */
#define STALE_BOOKS 10   /* give back what the books of a life say that is over by now */

#ifndef SPARE
#define SPARE 1 /* how often an engine crashes or its lease expires */
#endif
#ifndef FAULTS
#define FAULTS 1 /* messages lost or late, and jobs that handlers give back */
#endif
#define MAX_ATTEMPTS 2
#define MAX_CRASHES 0
#define NOBODY 2

mtype = { PENDING, RUNNING, SUCCEEDED, DEAD, CANCELLED }; /* the job's state */
mtype = { NONE, LIVE, EXPIRED, FENCED, GONE }; /* an engine's; EXPIRED is LIVE to all but the reaper */
mtype = { SUCCEED, FAIL, RELEASE }; /* the outcome of an attempt */

/* The store. A set of tokens, here and below, has a bit for each. */
mtype state = PENDING, life[3 + SPARE] = NONE;
byte engine, token, claimId, attempt, crashes;
bool suspect, cancel;
short failed; /* the tokens in the table of attempts */

/* The memory of two engines. */
byte me[2];    /* EngineLease: the current life; 0 before the first and after a loss */
byte asked[2]; /* StoreSource.unresolved; a claim whose answer came needs no id here */
byte got[2];   /* the token that a claim gave, on its way to StoreSource.hold ... */
byte by[2];    /* ... and the life that asked for it */
byte orphan[2];
short held[2]; /* StoreSource.held; an attempt that is not in it was told, or never starts */
short runs[2]; /* Dispatcher.underWay, until the handler has ended */
byte ending[2]; mtype outcome[2]; bool doubt[2], refused[2]; /* Settler.waiting, StoreSource.uncertain */

byte spare = SPARE, faults = FAULTS, absent = NOBODY, lives, lateId, lateEngine; /* what Fate has left */
byte given, starts; bool ended, accepted[2]; /* for the assertions */

#define BIT(t) (1 << (t))
#define fault faults > 0 -> faults--
#define isLive(e) (life[e] == LIVE || life[e] == EXPIRED)
#define isOf(e) (state == RUNNING && engine == e)
#define works(w) (isLive(me[w]) && (held[w] & runs[w]) != 0)

#define S2 (!ended) /* and S4: a terminal state is final, and reached once */
#define S3 (tok == given) /* a settlement counts for the newest token only */
#define TOLD (!done || accepted[w]) /* S3: who hears that it has settled did settle */
#define S5 (token > given) /* tokens strictly increase */
#define S6 (starts <= 2 * MAX_ATTEMPTS + MAX_CRASHES + FAULTS) /* ADR 35 has the 2 */
#define S7 (!(works(0) && works(1))) /* handlers overlap only if one's engine was fenced */
#define KEPT (!(state == RUNNING && life[engine] == GONE)) /* no job names an engine that nobody reaps */
#define RESOLVED (!(isOf(me[w]) && claimId == asked[w]) || got[w] == token) /* before the next claim */
ltl ENDS { <> ended } /* no job runs, or waits, for ever; under weak fairness */

inline finish(how) { assert(S2); ended = true; state = how; engine = 0; claimId = 0 }

inline putBack() {
  if
  :: cancel -> finish(CANCELLED)
  :: else -> state = PENDING; engine = 0; claimId = 0
  fi
}

inline claim(e, id, t) { /* PostgresClaims, SteppedClaim: look at the engine, and start, in one transaction */
  t = 0;
  if
  :: state == PENDING && (isLive(e) || BUG == NO_LIVE_CHECK) ->
     state = RUNNING; engine = e; claimId = id; attempt++; token++; t = token; starts++;
     assert(S5);
     assert(S6);
     assert(KEPT);
     given = token
  :: else
  fi
}

inline settle(tok, how, done) { /* Settlements */
  done = ((state == RUNNING && token == tok) || BUG == NO_TOKEN_CHECK);
  if
  :: done ->
     assert(S3);
     if
     :: how == SUCCEED -> finish(SUCCEEDED)
     :: how == FAIL && attempt >= MAX_ATTEMPTS -> finish(DEAD)
     :: how == FAIL && attempt < MAX_ATTEMPTS -> failed = failed | BIT(tok); suspect = false; putBack()
     :: how == RELEASE -> attempt--; putBack()
     fi
  :: else
  fi
}

proctype Poller(byte w) { /* StoreSource: resolve, reconcile, claim, hold; then Dispatcher.dispatch */
  bool done; byte none;
end: do
  :: atomic { me[w] != 0 && asked[w] != 0 && got[w] == 0 ->
       if
       :: isOf(me[w]) && claimId == asked[w] && BUG != NO_RESOLVE -> got[w] = token; by[w] = me[w]
       :: else
       fi;
       assert(RESOLVED);
       asked[w] = 0 }
  :: atomic { BUG == STALE_BOOKS && by[w] == 0 && me[w] != 0 -> by[w] = me[w] }
  :: atomic { asked[w] == 0 && got[w] == 0 && orphan[w] == 0 && BUG != NO_RECONCILE &&
       isOf((BUG == STALE_BOOKS -> by[w] : me[w])) && !(held[w] & BIT(token)) -> orphan[w] = token; by[w] = 0 }
  :: atomic { orphan[w] != 0 -> settle(orphan[w], RELEASE, done); orphan[w] = 0; done = false }
  :: atomic { state == PENDING && me[w] != 0 && asked[w] == 0 && got[w] == 0 && orphan[w] == 0 ->
       by[w] = 0;
       if
       :: claim(me[w], 0, got[w]); by[w] = (got[w] != 0 -> me[w] : 0)
       :: fault; asked[w] = faults + 1; claim(me[w], faults + 1, none); none = 0 /* the answer is lost */
       :: fault; asked[w] = faults + 1 /* the request is lost, or late: */
       :: lateId == 0 && fault; asked[w] = faults + 1; lateId = faults + 1; lateEngine = me[w]
       fi }
  :: atomic { got[w] != 0 && !(held[w] & BIT(got[w])) && BUG != LOOK_FIRST -> held[w] = held[w] | BIT(got[w]) }
  :: atomic { got[w] != 0 && by[w] != 0 && ((held[w] & BIT(got[w])) || BUG == LOOK_FIRST) ->
       if
       :: me[w] == by[w] && BUG != LOOK_FIRST -> runs[w] = runs[w] | BIT(got[w]); got[w] = 0
       :: me[w] == by[w] && BUG == LOOK_FIRST
       :: me[w] == by[w] && fault; held[w] = held[w] & ~BIT(got[w]); got[w] = 0 /* too late to be safe */
       :: me[w] != by[w] -> held[w] = held[w] & ~BIT(got[w]); got[w] = 0
       fi;
       by[w] = 0;
       assert(S7) }
  :: atomic { got[w] != 0 && by[w] == 0 && BUG == LOOK_FIRST ->
       held[w] = held[w] | BIT(got[w]); runs[w] = runs[w] | BIT(got[w]); got[w] = 0;
       assert(S7) }
  od
}

inline answered(w) {
  assert(TOLD);
  held[w] = held[w] & ~BIT(ending[w]); done = false;
  ending[w] = 0; outcome[w] = 0; doubt[w] = false; refused[w] = false; accepted[w] = false
}

proctype Settler(byte w) { /* a handler ends; then Settler and StoreSource.settle, until there is an answer */
  bool done;
end: do
  :: atomic { (runs[w] != 0 || ending[w] != 0) && !refused[w] ->
       if
       :: ending[w] == 0 ->
          do
          :: runs[w] & BIT(ending[w]) -> break
          :: else -> ending[w]++
          od;
          runs[w] = runs[w] & ~BIT(ending[w]);
          if
          :: outcome[w] = SUCCEED
          :: outcome[w] = FAIL
          :: fault; outcome[w] = RELEASE
          fi
       :: else
       fi;
       if
       :: fault; doubt[w] = true /* the request is lost */
       :: settle(ending[w], outcome[w], done); accepted[w] = accepted[w] || done;
          if
          :: done || !doubt[w] -> answered(w)
          :: !done && doubt[w] -> refused[w] = true
          :: fault; doubt[w] = true; done = false /* the answer is lost */
          fi
       fi }
  :: atomic { refused[w] -> /* Settlements.settled */
       done = ((state != RUNNING && token == ending[w]) || (failed & BIT(ending[w]))); answered(w) }
  od
}

proctype Keeper(byte w) { /* LeaseKeeper, Engines */
  byte old;
end: do
  :: atomic { life[me[w]] == EXPIRED -> life[me[w]] = LIVE }
  :: atomic { life[me[w]] == FENCED || life[me[w]] == GONE -> old = (BUG == SAME_ID -> me[w] : 0); me[w] = 0 }
  :: atomic { me[w] == 0 && absent != w && (w == 0 || lives > 0) -> /* engine 0 comes first: they are alike */
       held[w] = 0; /* all handlers are told */
       if
       :: old != 0 -> me[w] = old
       :: else -> lives++; me[w] = lives
       fi;
       life[me[w]] = LIVE;
       assert(S7) }
  od
}

proctype Reaper() { /* Reaping: fence; then take back, and let go those that have nothing left */
  byte e; short fenced;
end: do
  :: atomic { e = 0; fenced = 0;
       do
       :: e < lives -> e++;
          if
          :: life[e] == EXPIRED -> fenced = fenced | BIT(e); life[e] = (BUG == NO_FENCE -> EXPIRED : FENCED)
          :: life[e] == FENCED -> fenced = fenced | BIT(e)
          :: else
          fi
       :: else -> break
       od }
     atomic {
       if
       :: state == RUNNING && (fenced & BIT(engine)) ->
          attempt--; token = token + (BUG != NO_RAISE); crashes = crashes + (suspect && !cancel);
          if
          :: crashes > MAX_CRASHES && BUG != NO_CRASH_CAP -> finish(DEAD)
          :: else -> suspect = true; putBack()
          fi
       :: else
       fi;
       e = 0;
       do
       :: e < lives -> e++;
          if
          :: (fenced & BIT(e)) && life[e] == FENCED && !isOf(e) -> life[e] = GONE
          :: else
          fi
       :: else -> break
       od;
       e = 0; fenced = 0 }
  od
}

inline crash(w) {
  life[me[w]] = EXPIRED; me[w] = 0; asked[w] = 0; got[w] = 0; by[w] = 0; orphan[w] = 0; held[w] = 0; runs[w] = 0;
  ending[w] = 0; outcome[w] = 0; doubt[w] = false; refused[w] = false; accepted[w] = false
}

proctype Fate() { /* what may happen, and need not */
  byte none;
  do
  :: atomic { spare > 0 && isLive(me[0]) -> spare--; crash(0) }
  :: atomic { spare > 0 && isLive(me[1]) -> spare--; crash(1) }
  :: atomic { absent == NOBODY && me[0] == 0 && lives > 1 -> absent = 0 } /* it does not come back */
  :: atomic { spare > 0 && life[me[0]] == LIVE -> spare--; life[me[0]] = EXPIRED }
  :: atomic { spare > 0 && life[me[1]] == LIVE -> spare--; life[me[1]] = EXPIRED }
  :: atomic { lateId != 0 -> claim(lateEngine, lateId, none); none = 0; lateId = 0; lateEngine = 0 }
  :: atomic { !cancel && !ended -> cancel = true; /* Interventions.cancel */
       if
       :: state == PENDING -> finish(CANCELLED)
       :: else
       fi }
  :: break
  od
}

init {
  atomic { run Poller(0); run Poller(1); run Settler(0); run Settler(1); run Keeper(0); run Keeper(1);
    run Reaper(); run Fate() }
}
