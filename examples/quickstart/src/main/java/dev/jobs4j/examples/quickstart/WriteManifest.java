package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.JobType;

/**
 * The job of listing all thumbnails with their checksums.
 *
 * @param folder the pictures they were made of
 */
record WriteManifest(String folder) {

  static final JobType<WriteManifest> TYPE = JobType.of("manifest.write", WriteManifest.class);
}
