package dev.jobs4j.examples.atworker;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Workers in processes of their own, on a PostgreSQL, a broker, a mail server and an HTTP receiver
 * that live as long as this one; some tasks to begin with, and room for more by psql.
 */
final class Demo {

  private static final String USAGE =
      """
      Runs AT Worker on a PostgreSQL of its own until Ctrl-C.

      Usage: run [--workers N]

        --workers N   how many processes (1); kill -9 one of them and see
        --help        this text

      Everything is gone when it ends.
      """;

  private Demo() {}

  public static void main(String[] args) throws Exception {
    List<String> words = List.of(args);
    if (words.contains("--help") || words.contains("-h")) {
      say(USAGE);
      return;
    }
    int workers = 1;
    if (!words.isEmpty()) {
      boolean right = words.size() == 2 && words.get(0).equals("--workers");
      if (!right || !words.get(1).matches("[1-9]|1\\d|20")) {
        say("called wrongly: --workers needs a number from 1 to 20\n\n" + USAGE);
        System.exit(2);
      }
      workers = Integer.parseInt(words.get(1));
    }
    run(workers);
  }

  private static void run(int count) throws Exception {
    say("Starting PostgreSQL, a broker, a mail server and an HTTP receiver ...");
    TaskTable table = TaskTable.create("at_scheduler");
    Receiver receiver = new Receiver();
    GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    mail.start();
    Broker.get().declare("orders");
    Map<String, String> environment = new HashMap<>(table.environment());
    environment.put("HTTP_TARGETS", receiver.target() + ", http://*, https://*");
    environment.put("AMQP_URL", Broker.get().url());
    environment.put("SMTP_HOST", "127.0.0.1");
    environment.put("SMTP_PORT", "" + mail.getSmtp().getPort());
    StopSignal signal = StopSignal.install(); // the servers must outlive the workers
    List<Process> workers = start(count, environment);
    insert(table, receiver);
    say(
        """

        Insert more with psql (password postgres), and see sql/diagnostics.sql for what to ask:

          psql -h 127.0.0.1 -p %s -U postgres at_scheduler

          INSERT INTO scheduled_tasks (execute_at, task_type, payload)
          VALUES (NOW(), 'http_callback', '{"url": "%s", "data": {"param1": "data1"}}');

        Ctrl-C ends it all.
        """
            .formatted(table.environment().get("DB_PORT"), receiver.url("/200")));
    signal.await();
    workers.forEach(Process::destroy); // SIGTERM; Ctrl-C has reached them by itself
    workers.forEach(worker -> worker.onExit().join());
    System.exit(0);
  }

  private static List<Process> start(int count, Map<String, String> environment)
      throws IOException {
    List<Process> workers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx160m",
              "-cp",
              System.getProperty("java.class.path"),
              AtWorker.class.getName());
      builder.environment().putAll(environment);
      builder.environment().put("WORKER_ID", "worker-" + i);
      workers.add(builder.inheritIO().start());
    }
    return workers;
  }

  private static void insert(TaskTable table, Receiver receiver) throws SQLException {
    String callback = "{\"url\": \"%s\", \"data\": {\"param1\": \"data1\"}}";
    table.insert("http_callback", callback.formatted(receiver.url("/200")), 3);
    table.insert("http_callback", callback.formatted(receiver.url("/flaky")), 3);
    table.insert("http_callback", callback.formatted(receiver.url("/404")), 3);
    table.insert("rabbitmq", "{\"routing_key\": \"orders\", \"body\": {\"order\": 7}}", 3);
    table.insert(
        "email", "{\"to\": \"ada@example.org\", \"subject\": \"Hello\", \"text\": \"Hi!\"}", 3);
    table.insert("fax", "{}", 3);
  }

  private static void say(String text) {
    System.out.println(text);
  }
}
