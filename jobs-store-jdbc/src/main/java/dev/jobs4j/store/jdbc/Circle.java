package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.FairTurn;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tenants that have jobs due, from the one whose turn it is and round again. One whose jobs are
 * all not due yet is passed over; where nobody of many has one, it is asked whether anybody has.
 */
final class Circle {

  /** The tenants behind one; see {@link Tenants#behind}. */
  interface Next {
    Map<String, Boolean> behind(String tenant) throws SQLException;
  }

  /** Whether anything is due. */
  interface AnyDue {
    boolean get() throws SQLException;
  }

  /** Nobody's jobs come first. */
  private static final String FIRST = "";

  private final FairTurn turn;
  private final Next tenants;
  private final AnyDue anyDue;
  private final Deque<String> page = new ArrayDeque<>();
  private final Set<String> visited = new HashSet<>();
  private String last;
  private boolean wrapped;
  private boolean asked;
  private boolean over;

  Circle(FairTurn turn, Next tenants, AnyDue anyDue) {
    this.turn = turn;
    this.tenants = tenants;
    this.anyDue = anyDue;
    last = turn.tenant();
    if (turn.left() > 0) {
      visit(last, true);
    }
  }

  int weight(String tenant) {
    return turn.weight(tenant);
  }

  /** The next one, or null behind the one with which the circle began. */
  @Nullable String next() throws SQLException {
    while (page.isEmpty() && !over) {
      Map<String, Boolean> some = tenants.behind(last);
      if (some.isEmpty()) {
        wrap();
      } else {
        some.forEach(this::visit);
        askIfNobody();
      }
    }
    return page.poll();
  }

  private void wrap() {
    over = wrapped;
    wrapped = true;
    visit(FIRST, true);
  }

  private void visit(String tenant, boolean due) {
    if (over) {
      return;
    }
    last = tenant;
    boolean isNew = visited.add(tenant);
    if (isNew && due) {
      page.add(tenant);
    }
    over = wrapped && (!isNew || tenant.equals(turn.tenant())) && !tenant.equals(FIRST);
  }

  private void askIfNobody() throws SQLException {
    if (page.isEmpty() && !over && !asked) {
      asked = true;
      over = !anyDue.get();
    }
  }
}
