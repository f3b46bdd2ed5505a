package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.retry.Retry;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import dev.jobs4j.spi.PayloadCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Delivers the summary by HTTP. A delivery whose answer was lost is repeated; the job's id, the
 * same in every attempt, lets the receiver know it again.
 */
final class SummaryHandler {

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final PayloadCodec json = JacksonPayloadCodec.create();
  private final URI address;

  SummaryHandler(URI address) {
    this.address = address;
  }

  @JobHandler(
      type = "summary.deliver",
      timeout = "30s",
      retry = @Retry(attempts = 6, initial = "500ms", max = "10s"))
  void deliver(DeliverSummary summary, JobContext context)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", context.jobId().toString())
            .POST(BodyPublishers.ofByteArray(json.encode(summary)))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("HTTP " + answer.statusCode() + " from " + address);
    }
  }
}
