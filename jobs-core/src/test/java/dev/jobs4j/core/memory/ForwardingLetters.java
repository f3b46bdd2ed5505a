package dev.jobs4j.core.memory;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Dead letters with nothing changed; faulty ones override what they get wrong. */
class ForwardingLetters implements DeadLetterRecords {

  final DeadLetterRecords letters;

  ForwardingLetters(DeadLetterRecords letters) {
    this.letters = letters;
  }

  @Override
  public List<DeadLetter> list(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    return letters.list(filter, after, limit);
  }

  @Override
  public List<JobId> ids(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    return letters.ids(filter, after, limit);
  }

  @Override
  public Optional<DeadLetter> find(JobId id) {
    return letters.find(id);
  }

  @Override
  public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
    return letters.groups(filter, limit);
  }

  @Override
  public List<BlockedLine> blockedLines(@Nullable String after, int limit) {
    return letters.blockedLines(after, limit);
  }

  @Override
  public Redriven redrive(Map<JobId, Duration> delays, Operator operator) {
    return letters.redrive(delays, operator);
  }

  @Override
  public boolean edit(JobId id, Payload payload, int typeVersion, Operator operator) {
    return letters.edit(id, payload, typeVersion, operator);
  }

  @Override
  public Set<JobId> discard(Collection<JobId> ids, Operator operator) {
    return letters.discard(ids, operator);
  }

  @Override
  public List<AuditEntry> audit(@Nullable JobId job, long before, int limit) {
    return letters.audit(job, before, limit);
  }
}
