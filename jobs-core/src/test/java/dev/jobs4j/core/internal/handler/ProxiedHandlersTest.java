package dev.jobs4j.core.internal.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A handler method is called through the proxy that stands before its object. */
class ProxiedHandlersTest {

  interface Mailer {
    String send(String to);
  }

  interface Consumer<T> {
    String send(T to);
  }

  static class SmtpMailer implements Mailer, Consumer<String> {
    @Override
    @JobHandler(type = "mail")
    public String send(String to) {
      return "sent to " + to;
    }
  }

  private final List<String> seen = new ArrayList<>();

  private Object proxy(Class<?> face) {
    SmtpMailer target = new SmtpMailer();
    return Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {Comparable.class, face},
        (self, method, arguments) -> {
          seen.add(method.getName());
          return method.invoke(target, arguments);
        });
  }

  @Test
  void aProxyIsCalledThroughItsInterface() throws Exception {
    Handler handler =
        HandlerMethods.of(SmtpMailer.class, proxy(Mailer.class)).get(0).with(new Injections());

    assertThat(handler.executor().execute("ann", null)).isEqualTo("sent to ann");
    assertThat(seen).containsExactly("send");
  }

  @Test
  void aGenericInterfaceWillDo() throws Exception {
    Handler handler =
        HandlerMethods.of(SmtpMailer.class, proxy(Consumer.class)).get(0).with(new Injections());

    assertThat(handler.payloadType()).isEqualTo(String.class);
    assertThat(handler.executor().execute("bob", null)).isEqualTo("sent to bob");
  }

  @Test
  void aProxyWithoutTheMethodIsRefusedWithTheWayOut() {
    assertThatThrownBy(() -> HandlerMethods.of(SmtpMailer.class, proxy(Runnable.class)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("SmtpMailer.send")
        .hasMessageContaining("no interface of it has the method")
        .hasMessageContaining("proxyTargetClass");
  }
}
