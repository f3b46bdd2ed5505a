package dev.jobs4j.examples.atworker;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobOutcome;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.InstantSource;
import java.util.Date;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Sends mail by SMTP. The {@code Message-ID} is made of the job's id, the same in every attempt.
 * Thread-safe; a connection serves one mail.
 */
final class Mailer implements JobExecutor<Mail> {

  private static final String UTF_8 = "UTF-8";

  private final Settings.MailServer server;
  private final InstantSource clock;
  private final Session session;

  Mailer(Settings.MailServer server, InstantSource clock) {
    this.server = server;
    this.clock = clock;
    Properties properties = new Properties();
    properties.put("mail.smtp.host", server.host());
    properties.put("mail.smtp.port", Integer.toString(server.port()));
    properties.put("mail.smtp.auth", Boolean.toString(!server.user().isEmpty()));
    properties.put("mail.smtp.ssl.enable", Boolean.toString(server.security().equals("tls")));
    String startTls = Boolean.toString(server.security().equals("starttls"));
    properties.put("mail.smtp.starttls.enable", startTls);
    properties.put("mail.smtp.starttls.required", startTls);
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    properties.put("mail.smtp.connectiontimeout", "10000");
    properties.put("mail.smtp.timeout", "30000");
    properties.put("mail.smtp.writetimeout", "30000");
    session = Session.getInstance(properties);
  }

  @Override
  public @Nullable Object execute(Mail mail, JobContext context) throws MessagingException {
    if (mail.to().isEmpty() || (mail.text().isEmpty() && mail.html().isEmpty())) {
      return JobOutcome.reject("payload must have the fields to and text (or html)");
    }
    if (mail.subject().chars().anyMatch(Character::isISOControl)) {
      return JobOutcome.reject("subject must be one line without control characters");
    }
    MimeMessage message = new IdentifiedMessage(session, context.jobId());
    try {
      message.setFrom(new InternetAddress(server.from(), true));
      for (String address : mail.to()) {
        message.addRecipient(Message.RecipientType.TO, new InternetAddress(address, true));
      }
    } catch (AddressException e) { // no attempt would do better
      return JobOutcome.reject("\"" + e.getRef() + "\" is no address: " + e.getMessage());
    }
    message.setSubject(mail.subject(), UTF_8);
    message.setSentDate(Date.from(clock.instant()));
    message.setText(
        mail.html().isEmpty() ? mail.text() : mail.html(),
        UTF_8,
        mail.html().isEmpty() ? "plain" : "html");
    if (server.user().isEmpty()) {
      Transport.send(message);
    } else {
      Transport.send(message, server.user(), server.password());
    }
    return null;
  }

  /** A message that is known by its job. */
  private static final class IdentifiedMessage extends MimeMessage {
    private final JobId job;

    IdentifiedMessage(Session session, JobId job) {
      super(session);
      this.job = job;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", "<" + job + "@at-worker>");
    }
  }
}
