-- Jobs4j, schema version 1, PostgreSQL.
-- runs-from: 1 (the oldest schema version whose code works with these tables)
-- {p} stands for the table prefix (with the schema name before it, if one is set), {n} for the
-- prefix alone: the name of an index cannot carry a schema.

-- One row for each life of an engine. The row is its lease: renewed while it lives, fenced once it
-- has expired. Few rows, often updated. Its queues and types say what it does, for whoever asks why
-- a job is not running: a line each, with the number of places or the newest payload version.
CREATE TABLE {p}engine (
  id            uuid         PRIMARY KEY,
  name          varchar(200) NOT NULL,
  version       varchar(60)  NOT NULL,
  queues        text         NOT NULL,
  types         text         NOT NULL,
  state         varchar(6)   NOT NULL CHECK (state IN ('LIVE', 'FENCED')),
  lease_micros  bigint       NOT NULL CHECK (lease_micros > 0),
  registered_at timestamptz  NOT NULL,
  expires_at    timestamptz  NOT NULL
) WITH (fillfactor = 50);

-- The hot area: pending and running jobs, nothing else. A job that ends moves to history or dead
-- in the transaction that ends it.
-- A claim changes no column that an index knows, and the pages have room for what it writes, so it
-- writes no index (a HOT update). Running jobs therefore stay in the indexes of those that wait;
-- those that run for long are taken out of them with block_reason RUNNING.
-- One check alone, of what a lease is: the server prepares each one anew for each statement, and
-- fifteen of them took two thirds of the insert of a single job. Columns that are always there and
-- of one length come first: the server finds them without reading those before. What a claim writes
-- stands together: the log of an update holds what lies between the first and the last change.
CREATE TABLE {p}job (
  id               uuid                     PRIMARY KEY,
  run_at           timestamptz              NOT NULL,
  created_at       timestamptz              NOT NULL,
  crashes          integer                  NOT NULL,
  type_version     integer                  NOT NULL,
  waits            integer                  NOT NULL,
  priority         smallint                 NOT NULL,
  suspect          boolean                  NOT NULL,
  cancel_requested boolean                  NOT NULL,
  token            bigint                   NOT NULL,
  attempt          integer                  NOT NULL,
  engine           uuid,
  claim_id         uuid,
  state            varchar(7) COLLATE "C"   NOT NULL,
  queue            varchar(120) COLLATE "C" NOT NULL,
  type             varchar(120) COLLATE "C" NOT NULL,
  block_reason     varchar(12) COLLATE "C",
  blocked_on       varchar(200) COLLATE "C",
  expires_at       timestamptz,
  max_attempts     integer,
  unique_key       varchar(200) COLLATE "C",
  tenant           varchar(120),
  line_key         varchar(200) COLLATE "C",
  line_skip        boolean,
  limits           text,
  origin           varchar(300),
  tags             text,
  headers          text,
  codec            varchar(20)              NOT NULL,
  payload          bytea                    NOT NULL,
  CHECK (CASE state
           WHEN 'PENDING' THEN engine IS NULL AND claim_id IS NULL AND NOT cancel_requested
                               AND block_reason IS DISTINCT FROM 'RUNNING'
           WHEN 'RUNNING' THEN engine IS NOT NULL AND claim_id IS NOT NULL
                               AND (block_reason IS NULL OR block_reason = 'RUNNING')
           ELSE false END)
) WITH (
  fillfactor = 45,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_cost_delay = 0,
  autovacuum_analyze_scale_factor = 0.05
);

-- What a claim walks: queue and priority bound run_at, so that jobs that are not due are never
-- read; blocked jobs are not in it, and suspects have one of their own.
CREATE INDEX {n}job_claim ON {p}job (queue, priority, run_at, id)
  WHERE block_reason IS NULL AND NOT suspect AND limits IS NULL;
CREATE INDEX {n}job_limited ON {p}job (queue, priority, run_at, id)
  WHERE block_reason IS NULL AND NOT suspect AND limits IS NOT NULL;
CREATE INDEX {n}job_suspect ON {p}job (queue, priority, run_at, id)
  WHERE block_reason IS NULL AND suspect;
-- What a claim by turns walks, and one that finds a limit open, by urgency or by turns.
CREATE INDEX {n}job_share
  ON {p}job (queue, suspect, (COALESCE(tenant, '') COLLATE "C"), priority, run_at, id)
  WHERE block_reason IS NULL;
CREATE INDEX {n}job_blocked ON {p}job (blocked_on, queue, priority, run_at, id)
  WHERE blocked_on IS NOT NULL;
CREATE INDEX {n}job_blocked_share
  ON {p}job (blocked_on, queue, (COALESCE(tenant, '') COLLATE "C"), priority, run_at, id)
  WHERE blocked_on IS NOT NULL;
CREATE INDEX {n}job_cancel ON {p}job (id) WHERE cancel_requested;
CREATE INDEX {n}job_expiry ON {p}job (expires_at) WHERE expires_at IS NOT NULL;

-- What each claim took, by which the running jobs of an engine are found: a job of the list runs if
-- it names the claim. The row goes when none of them does any more, with a later claim.
CREATE TABLE {p}claim (
  engine uuid   NOT NULL,
  id     uuid   NOT NULL,
  jobs   uuid[] NOT NULL,
  PRIMARY KEY (engine, id)
) WITH (
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_cost_delay = 0
);
ALTER TABLE {p}claim ALTER COLUMN jobs SET STORAGE EXTERNAL;

-- Jobs that ended well or were called off, kept for a while.
CREATE TABLE {p}history (
  id           uuid                     PRIMARY KEY,
  token        bigint                   NOT NULL,
  run_at       timestamptz              NOT NULL,
  created_at   timestamptz              NOT NULL,
  finished_at  timestamptz              NOT NULL,
  attempt      integer                  NOT NULL,
  max_attempts integer,
  crashes      integer                  NOT NULL,
  type_version integer                  NOT NULL,
  priority     smallint                 NOT NULL,
  suspect      boolean                  NOT NULL,
  state        varchar(9) COLLATE "C"   NOT NULL CHECK (state IN ('SUCCEEDED', 'CANCELLED')),
  queue        varchar(120) COLLATE "C" NOT NULL,
  type         varchar(120) COLLATE "C" NOT NULL,
  unique_key   varchar(200) COLLATE "C",
  tenant       varchar(120),
  origin       varchar(300),
  line_key     varchar(200) COLLATE "C",
  line_skip    boolean,
  tags         text,
  limits       text,
  headers      text,
  codec        varchar(20)              NOT NULL,
  payload      bytea                    NOT NULL,
  result_codec varchar(20),
  result       bytea,
  CHECK ((result IS NULL) = (result_codec IS NULL)),
  CHECK (state = 'SUCCEEDED' OR result IS NULL)
);
CREATE INDEX {n}history_ended ON {p}history (queue, state, finished_at);

-- Dead letters, kept until someone requeues or deletes them, or for a time if one is set.
CREATE TABLE {p}dead (
  id            uuid                     PRIMARY KEY,
  token         bigint                   NOT NULL,
  run_at        timestamptz              NOT NULL,
  created_at    timestamptz              NOT NULL,
  finished_at   timestamptz              NOT NULL,
  attempt       integer                  NOT NULL,
  max_attempts  integer,
  crashes       integer                  NOT NULL,
  type_version  integer                  NOT NULL,
  priority      smallint                 NOT NULL,
  suspect       boolean                  NOT NULL,
  reason        varchar(30) COLLATE "C"  NOT NULL,
  queue         varchar(120) COLLATE "C" NOT NULL,
  type          varchar(120) COLLATE "C" NOT NULL,
  unique_key    varchar(200) COLLATE "C",
  tenant        varchar(120),
  origin        varchar(300),
  line_key      varchar(200) COLLATE "C",
  line_skip     boolean,
  tags          text,
  limits        text,
  headers       text,
  codec         varchar(20)              NOT NULL,
  payload       bytea                    NOT NULL,
  error_class   varchar(200)             NOT NULL,
  error_message text                     NOT NULL,
  error_stack   text                     NOT NULL,
  fingerprint   varchar(16) COLLATE "C"  NOT NULL
);
CREATE INDEX {n}dead_queue ON {p}dead (queue, id);
CREATE INDEX {n}dead_fingerprint ON {p}dead (fingerprint, id);
CREATE INDEX {n}dead_ended ON {p}dead (queue, finished_at);

-- What operators did to dead letters; outlives them. One row for each letter, kept for ever unless
-- a time is set.
CREATE TABLE {p}audit (
  seq     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  action  varchar(10)   NOT NULL CHECK (action IN ('REDRIVE', 'EDIT', 'DISCARD')),
  job_id  uuid NOT NULL,
  done_by varchar(120)  NOT NULL,
  why     varchar(1000) NOT NULL,
  done_at timestamptz NOT NULL,
  what    varchar(1000) NOT NULL
);
CREATE INDEX {n}audit_job ON {p}audit (job_id, seq);

-- Failed attempts, and the crashes of suspects, of which nothing is known but that they happened.
CREATE TABLE {p}attempt (
  job_id        uuid        NOT NULL,
  token         bigint      NOT NULL,
  attempt       integer     NOT NULL,
  ended_at      timestamptz NOT NULL,
  error_class   varchar(200),
  error_message text,
  error_stack   text,
  PRIMARY KEY (job_id, token),
  CHECK ((error_class IS NULL) = (error_message IS NULL)),
  CHECK ((error_class IS NULL) = (error_stack IS NULL))
);

-- Who holds which unique key. Taken while its job has not ended and, if longer, until held_until.
CREATE TABLE {p}key (
  key_value  varchar(200) COLLATE "C" PRIMARY KEY,
  job_id     uuid                     NOT NULL,
  ended      boolean                  NOT NULL,
  held_until timestamptz              NOT NULL
);
CREATE INDEX {n}key_over ON {p}key (held_until) WHERE ended;

-- Which job waits for which, and for what ending of it: a row goes when that has come.
CREATE TABLE {p}wait (
  parent_id uuid NOT NULL,
  child_id  uuid NOT NULL,
  rule      varchar(12) COLLATE "C" NOT NULL,
  PRIMARY KEY (parent_id, child_id),
  CHECK (parent_id <> child_id)
);
CREATE INDEX {n}wait_child ON {p}wait (child_id);

-- What running jobs write down: the steps that a later attempt need not do again (by name), the
-- lines of their logs (by number, filled up with zeros) and how far they have come. It stays through
-- retries and a requeue, and goes with its job.
CREATE TABLE {p}note (
  job_id   uuid                     NOT NULL,
  kind     varchar(8) COLLATE "C"   NOT NULL CHECK (kind IN ('STEP', 'LOG', 'PROGRESS')),
  name     varchar(120) COLLATE "C" NOT NULL,
  token    bigint                   NOT NULL,
  noted_at timestamptz              NOT NULL,
  codec    varchar(20),
  content  bytea,
  attempt  integer,
  told     integer,
  level    varchar(5),
  done     bigint,
  total    bigint,
  said     text,
  PRIMARY KEY (job_id, kind, name),
  CHECK ((codec IS NULL) = (content IS NULL)),
  CHECK (kind = 'STEP' OR codec IS NULL),
  CHECK ((kind = 'LOG') = (level IS NOT NULL)),
  CHECK ((kind = 'PROGRESS') = (done IS NOT NULL))
);

-- Recurring jobs: when each fires, what it then enqueues, and how far it has come. An engine has to
-- look at it at look_at, which is its next firing, the end of its pause, or a time at which a run
-- may have ended.
CREATE TABLE {p}schedule (
  name           varchar(120) COLLATE "C" PRIMARY KEY,
  revision       bigint NOT NULL,
  spec           varchar(255) NOT NULL,
  zone           varchar(60) NOT NULL,
  misfire        varchar(30) NOT NULL,
  overlap        varchar(30) NOT NULL,
  jitter_micros  bigint NOT NULL CHECK (jitter_micros >= 0),
  description    varchar(500),
  in_code        boolean NOT NULL,
  next_firing    timestamptz,
  look_at        timestamptz,
  waiting        timestamptz,
  last_firing    timestamptz,
  last_job       uuid,
  paused_by      varchar(200),
  paused_why     varchar(500),
  paused_until   timestamptz,
  expires_micros bigint CHECK (expires_micros >= 0),
  max_attempts   integer CHECK (max_attempts >= 1),
  type_version   integer NOT NULL,
  priority       smallint NOT NULL CHECK (priority BETWEEN 1 AND 5),
  queue          varchar(120) NOT NULL,
  type           varchar(120) NOT NULL,
  tenant         varchar(120),
  line_key       varchar(200),
  line_skip      boolean,
  tags           text,
  limits         text,
  headers        text,
  codec          varchar(20) NOT NULL,
  payload        bytea NOT NULL,
  CHECK (paused_by IS NOT NULL OR paused_until IS NULL)
) WITH (fillfactor = 70);
CREATE INDEX {n}schedule_look ON {p}schedule (look_at);

-- What starts no jobs until it is resumed or its time is over. Mostly empty, and read by each claim.
CREATE TABLE {p}pause (
  scope        varchar(6)    NOT NULL CHECK (scope IN ('NODE', 'QUEUE', 'TYPE', 'TENANT')),
  name         varchar(200)  NOT NULL,
  paused_by    varchar(120)  NOT NULL,
  why          varchar(1000) NOT NULL,
  paused_at    timestamptz NOT NULL,
  paused_until timestamptz,
  PRIMARY KEY (scope, name)
);

-- Limits by name. Few rows, seldom changed.
CREATE TABLE {p}limit_rule (
  name        varchar(60) COLLATE "C" PRIMARY KEY,
  running     integer CHECK (running >= 1),
  starts      integer CHECK (starts >= 1),
  per_micros  bigint CHECK (per_micros >= 1),
  burst       integer CHECK (burst >= 1),
  CHECK ((starts IS NULL) = (per_micros IS NULL)),
  CHECK ((starts IS NULL) = (burst IS NULL))
);

-- One row for each key of a limit, made by the first claim that meets it: the lock under which its
-- permits are counted, and how far its rate has come, in microseconds since 1970.
CREATE TABLE {p}limit_key (
  limit_key varchar(200) COLLATE "C" PRIMARY KEY,
  name      varchar(60) COLLATE "C" NOT NULL,
  mark      bigint
);

-- The permits that are held: by a job while it runs under this token. A row whose job runs no more
-- counts for nothing.
CREATE TABLE {p}limit_use (
  limit_key varchar(200) COLLATE "C" NOT NULL,
  job_id    uuid NOT NULL,
  token     bigint NOT NULL,
  PRIMARY KEY (limit_key, job_id)
);
CREATE INDEX {n}limit_use_job ON {p}limit_use (job_id);

-- For which keys due jobs of a queue wait, and from when on a claim should look again; not before
-- one of those that run has ended if that is null.
CREATE TABLE {p}limit_wait (
  limit_key varchar(200) COLLATE "C" NOT NULL,
  queue     varchar(120) COLLATE "C" NOT NULL,
  opens_at  timestamptz,
  PRIMARY KEY (limit_key, queue)
);
CREATE INDEX {n}limit_wait_open ON {p}limit_wait (queue, opens_at);

-- Where pruned jobs go if the store is told so. Nothing here is read or deleted by the library; an id
-- may stand here twice if its job was stored again.
CREATE TABLE {p}archive (
  seq           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  archived_at   timestamptz NOT NULL,
  id            uuid NOT NULL,
  token         bigint NOT NULL,
  state         varchar(9) COLLATE "C" NOT NULL,
  queue         varchar(120) COLLATE "C" NOT NULL,
  type          varchar(120) COLLATE "C" NOT NULL,
  type_version  integer NOT NULL,
  priority      smallint NOT NULL,
  run_at        timestamptz NOT NULL,
  created_at    timestamptz NOT NULL,
  finished_at   timestamptz NOT NULL,
  attempt       integer NOT NULL,
  max_attempts  integer,
  crashes       integer NOT NULL,
  suspect       boolean NOT NULL,
  unique_key    varchar(200) COLLATE "C",
  tenant        varchar(120),
  origin        varchar(300),
  line_key      varchar(200) COLLATE "C",
  line_skip     boolean,
  limits        text,
  tags          text,
  headers       text,
  codec         varchar(20) NOT NULL,
  payload       bytea NOT NULL,
  result_codec  varchar(20),
  result        bytea,
  reason        varchar(30) COLLATE "C",
  error_class   varchar(200),
  error_message text,
  error_stack   text,
  fingerprint   varchar(16) COLLATE "C"
);
CREATE INDEX {n}archive_job ON {p}archive (id);
CREATE TABLE {p}archive_attempt (
  seq           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id        uuid NOT NULL,
  token         bigint NOT NULL,
  attempt       integer NOT NULL,
  ended_at      timestamptz NOT NULL,
  error_class   varchar(200),
  error_message text,
  error_stack   text
);
CREATE INDEX {n}archive_attempt_job ON {p}archive_attempt (job_id);

-- The lines of jobs that run one after the other. The row of a line is its lock: numbers are given
-- under it, and it is there while somebody stands in the line.
CREATE TABLE {p}line (
  line_key    varchar(200) COLLATE "C" PRIMARY KEY,
  last_number bigint NOT NULL,
  standing    bigint NOT NULL CHECK (standing >= 0)
) WITH (fillfactor = 50);

-- Who stands where in which line: pending and running jobs, and dead ones that block.
CREATE TABLE {p}place (
  line_key     varchar(200) COLLATE "C" NOT NULL,
  place_number bigint NOT NULL,
  job_id       uuid NOT NULL,
  PRIMARY KEY (line_key, place_number)
);
CREATE UNIQUE INDEX {n}place_job ON {p}place (job_id);
