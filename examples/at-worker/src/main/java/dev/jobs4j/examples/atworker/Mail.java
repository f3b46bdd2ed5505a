package dev.jobs4j.examples.atworker;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;

/**
 * What an {@code email} task sends: {@code {"to": "ada@example.org", "subject": "Hello", "text":
 * "..."}}.
 *
 * @param to one address or a list of them
 * @param subject the subject; may be left out
 * @param text the text, unless there is {@code html}
 * @param html the text as HTML
 */
record Mail(
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> to,
    String subject,
    String text,
    String html) {

  /** What a payload lacks is empty. */
  Mail {
    to = to == null ? List.of() : List.copyOf(to);
    subject = subject == null ? "" : subject;
    text = text == null ? "" : text;
    html = html == null ? "" : html;
  }
}
