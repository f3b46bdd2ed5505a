/** Runs the quickstart as a newcomer would, also against killed processes and full disks. */
@NullMarked
package dev.jobs4j.examples.quickstart;

import org.jspecify.annotations.NullMarked;
