package dev.jobs4j.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong and what to do in place of a stack trace. */
final class JobsFailureAnalyzer extends AbstractFailureAnalyzer<JobsSetupException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, JobsSetupException cause) {
    return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
  }
}
