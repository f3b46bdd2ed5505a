package dev.jobs4j.simulation;
final class Twice {
  public static void main(String[] a) throws Exception {
    Quiet.be();
    try (Simulation s = new Simulation()) {
      for (int i = 0; i < a.length; i++) {
        Trace.DUMP = new java.io.PrintStream(new java.io.BufferedOutputStream(new java.io.FileOutputStream("/tmp/trace." + i)));
        Simulation.Result r = s.run(Long.parseLong(a[i]), Bug.NONE);
        System.out.println(a[i] + " " + Long.toHexString(r.hash()) + " " + r.breach());
        Trace.DUMP.close();
      }
    }
    System.exit(0);
  }
}
