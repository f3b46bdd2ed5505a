/**
 * A small application of Jobs4j: thumbnails of a folder of pictures, kept as jobs in an embedded H2
 * so that a run that was killed goes on where it was. Read {@code Run} first, which is the whole
 * story, then the three handlers: {@code ThumbnailHandler}, {@code ManifestHandler} and {@code
 * SummaryHandler}.
 */
@NullMarked
package dev.jobs4j.examples.quickstart;

import org.jspecify.annotations.NullMarked;
