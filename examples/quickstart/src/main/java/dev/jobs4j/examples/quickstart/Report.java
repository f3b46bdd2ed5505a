package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.examples.quickstart.DeliverSummary.GivenUp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of the pictures, as the store has it.
 *
 * @param pictures how many there were
 * @param done how many have thumbnails
 * @param retries how many attempts were made again
 * @param givenUp those without thumbnails
 * @param mayBeMended whether another run tries some of these again
 */
record Report(int pictures, int done, int retries, List<GivenUp> givenUp, boolean mayBeMended) {

  /** Asks {@code jobs} about each picture. */
  static Report of(JobClient jobs, Map<JobId, String> pictures) {
    int done = 0;
    int retries = 0;
    boolean mayBeMended = false;
    List<GivenUp> givenUp = new ArrayList<>();
    for (var picture : pictures.entrySet()) {
      Job job = jobs.find(picture.getKey()).orElse(null);
      if (job == null || job.state() == JobState.SUCCEEDED) {
        done++; // or done so long ago that the store has forgotten it
      } else {
        mayBeMended |= Orders.mayBeMended(job);
        givenUp.add(givenUp(picture.getValue(), job));
      }
      retries += job == null ? 0 : Math.max(0, job.attempt() - 1);
    }
    return new Report(pictures.size(), done, retries, givenUp, mayBeMended);
  }

  private static GivenUp givenUp(String picture, Job job) {
    return new GivenUp(
        picture,
        job.deadReason().map(Enum::name).orElse(job.state().name()),
        job.lastFailure().map(Report::reason).orElse("no error is known"));
  }

  /** An error in a line, with its kind where the message alone would puzzle. */
  static String reason(Failure failure) {
    String kind = failure.errorClass().substring(failure.errorClass().lastIndexOf('.') + 1);
    boolean clear =
        kind.equals(CorruptPictureException.class.getSimpleName()) || kind.equals("IOException");
    String text = clear ? failure.message() : kind + ": " + failure.message();
    return text.replace('\n', ' ');
  }

  DeliverSummary summary(String folder) {
    return new DeliverSummary(folder, pictures, done, givenUp);
  }

  static String counted(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
