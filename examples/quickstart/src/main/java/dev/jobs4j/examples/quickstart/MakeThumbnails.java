package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import java.nio.file.Path;

/**
 * The job of one picture.
 *
 * @param picture the absolute path of the file
 */
record MakeThumbnails(String picture) {

  /** A queue of its own, so that the number of workers is that of pictures worked on at once. */
  static final String QUEUE = "pictures";

  static final JobType<MakeThumbnails> TYPE =
      JobType.of("picture.thumbnails", MakeThumbnails.class).onQueue(QUEUE);

  /** A request that is stored once for each state of the file, however often it is made. */
  static JobRequest<MakeThumbnails> request(Path picture) {
    String state =
        picture + "|" + picture.toFile().length() + "|" + picture.toFile().lastModified();
    return TYPE.request(new MakeThumbnails(picture.toString()))
        .uniqueKey("picture:" + Sha256.of(state), Run.MEMORY);
  }

  Path path() {
    return Path.of(picture);
  }
}
