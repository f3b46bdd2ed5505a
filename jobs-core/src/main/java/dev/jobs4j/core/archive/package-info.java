/** Archives that are ready to use: {@link dev.jobs4j.core.archive.JsonLinesArchive}. */
@NullMarked
package dev.jobs4j.core.archive;

import org.jspecify.annotations.NullMarked;
