package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.examples.benchmarks.contestant.Contestant;
import dev.jobs4j.examples.benchmarks.contestant.Library;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What stands in a table before the first round. */
enum Stages implements Entrant.Stage {
  /** Jobs that are not due, and jobs that have ended where these are kept. */
  BACKLOG {
    @Override
    public void set(Bout bout) throws Exception {
      Contestant contestant = bout.contestant();
      if (contestant.keepsEnded()) {
        Drain.PLAIN.measure(bout, contestant.jobs(bout.size().finished()));
      }
      contestant.enqueue(bout.size().future(), Duration.ofDays(1));
    }
  },
  /** Jobs that another engine runs, through all rounds. */
  RUNNING {
    @Override
    public void set(Bout bout) throws Exception {
      bout.keep(Holding.of((Library) bout.contestant(), bout.size().running()));
    }
  },
  /** Due jobs that no engine knows. */
  UNKNOWN_TYPE {
    @Override
    public void set(Bout bout) {
      JobRequest<String> request = JobType.of("unknown", String.class).request("nothing");
      Library library = (Library) bout.contestant();
      for (int done = 0; done < bout.size().head(); done += CHUNK) {
        int count = Math.min(CHUNK, bout.size().head() - done);
        List<JobRequest<String>> chunk = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          chunk.add(request);
        }
        library.client().enqueueAll(chunk);
      }
    }
  },
  /** Due jobs of a tenant that is paused. */
  PAUSED_TENANT {
    @Override
    public void set(Bout bout) {
      Library library = (Library) bout.contestant();
      library
          .client()
          .pauses()
          .pause(Pause.tenant("paused"), new Operator("benchmarks", "to see what it costs"));
      library.enqueue(bout.size().head(), request -> request.tenant("paused"));
    }
  };

  private static final int CHUNK = 10_000;
}
