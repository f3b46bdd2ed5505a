package dev.jobs4j.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads of which exactly one runs at any moment: the one that made the crew, or the strand that
 * it lets go on. So a piece of work can pause anywhere, also deep inside shipped code, while others
 * move, and the order is nobody's but the simulation's. Threads are used again for later strands.
 */
final class Crew implements AutoCloseable {

  private final Thread owner = Thread.currentThread();
  private final Deque<Strand> idle = new ArrayDeque<>();
  private volatile boolean ownersTurn = true;

  /** Starts a piece of work and returns when it has paused or ended. */
  Strand start(Work work) {
    Strand strand = idle.poll();
    if (strand == null) {
      strand = new Strand();
      strand.start();
    }
    strand.work = work;
    strand.ended = false;
    strand.cutOff = false;
    strand.number = work.number;
    strand.goOn();
    return strand;
  }

  /** The strand that calls, or null if the owner does. */
  static @Nullable Strand current() {
    return Thread.currentThread() instanceof Strand strand ? strand : null;
  }

  /** Ends the idle threads. */
  @Override
  public void close() {
    for (Strand strand : idle) {
      strand.over = true;
      LockSupport.unpark(strand);
    }
    idle.clear();
  }

  /** What a strand does, and its number, which says who comes first. */
  record Work(long number, Runnable runnable) {}

  /** Thrown where a strand pauses whose node has gone: nothing of it may happen any more. */
  static final class CutOff extends Error {
    private static final long serialVersionUID = 1L;

    CutOff() {
      super("the process has ended", null, false, false);
    }
  }

  /** A piece of work that may pause. */
  final class Strand extends Thread {
    private @Nullable Work work;
    private long number;
    private volatile boolean mine;
    private volatile boolean over;
    private boolean ended;
    private boolean cutOff;
    private boolean interrupted;
    private @Nullable Runnable onInterrupt;

    private Strand() {
      setDaemon(true);
      setName("simulated-strand");
    }

    long number() {
      return number;
    }

    boolean hasEnded() {
      return ended;
    }

    /** Whether it is still in the middle of this piece of work. */
    boolean isAt(long piece) {
      return !ended && number == piece;
    }

    /** The owner lets it run until it pauses or ends. */
    void goOn() {
      onInterrupt = null;
      ownersTurn = false;
      mine = true;
      LockSupport.unpark(this);
      while (!ownersTurn) {
        LockSupport.park(Crew.this);
        if (Thread.interrupted()) { // a test that timed out
          throw new IllegalStateException("The simulation was interrupted");
        }
      }
      if (ended) {
        idle.add(this);
      }
    }

    /** The owner has it end at once: whatever it waits for is no more. */
    void cutOff() {
      cutOff = true;
      while (!ended) {
        goOn();
      }
    }

    /**
     * Lets the owner go on until that lets this one go on.
     *
     * @param interrupt is called if somebody interrupts this thread meanwhile
     */
    void pause(Runnable interrupt) {
      if (cutOff) {
        throw new CutOff();
      }
      boolean flag = Thread.interrupted();
      onInterrupt = interrupt;
      handBack();
      awaitTurn();
      if (flag || interrupted) {
        interrupted = false;
        super.interrupt();
      }
      if (cutOff) {
        throw new CutOff();
      }
    }

    /** Others' interrupts are met when it goes on; its own at once. */
    @Override
    public void interrupt() {
      if (Thread.currentThread() == this) {
        super.interrupt();
        return;
      }
      interrupted = true;
      Runnable told = onInterrupt;
      if (told != null) {
        told.run();
      }
    }

    private void handBack() {
      mine = false;
      ownersTurn = true;
      LockSupport.unpark(owner);
    }

    private void awaitTurn() {
      while (!mine && !over) {
        LockSupport.park(Crew.this);
      }
    }

    @Override
    public void run() {
      awaitTurn();
      while (!over) {
        Work task = work;
        if (task != null) {
          try {
            task.runnable().run();
          } catch (CutOff e) { // as was asked for
          } finally {
            Thread.interrupted();
            interrupted = false;
            work = null;
            ended = true;
          }
        }
        handBack();
        awaitTurn();
      }
    }
  }
}
