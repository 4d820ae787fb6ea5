package bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Thousands of streams for minutes, a tenth of them with a fault: nothing is lost, nothing grows. */
record SoakSection(Lab lab, Load load, Options options, Verdicts verdicts) {

  private static final int STREAMS = 2000;
  private static final int WARM_UP_SECONDS = 40;
  private static final Pattern IN_FLIGHT =
      Pattern.compile("(?m)^caravan_requests_in_flight (\\S+)$");
  private static final Set<String> CLEAN = Set.of("whole", "error event");

  void run() throws Exception {
    try (var faulty = lab.faultyUpstream();
        var gateway = lab.gatewayWith("soak", settings(faulty.port()))) {
      soak(gateway);
    }
  }

  private static List<String> settings(int port) {
    var url = "http://127.0.0.1:" + port;
    return List.of(
        "caravan.service.main.provider=openai-compatible",
        "caravan.service.main.urls=" + url + "/main",
        // the default, but now it bites clients without a fallback too: else they would wait for a
        // silent service for caravan.limits.long-timeout-sec
        "caravan.service.main.first-token-timeout-sec=15",
        "caravan.service.spare.provider=openai-compatible",
        "caravan.service.spare.urls=" + url + "/spare");
  }

  private void soak(Child gateway) throws Exception {
    var clients = new SoakLoad(load, Target.of("gateway", gateway));
    long begin = System.nanoTime();
    clients.open(STREAMS);
    var table = new Table("second", "streams", "threads", "RSS MB");
    sample(table, begin, WARM_UP_SECONDS, clients, gateway.proc());
    int threads = gateway.proc().threads();
    double rss = gateway.proc().rssMb();
    int seconds = options.minutes() * 60;
    for (int at = WARM_UP_SECONDS + 20; at <= seconds; at += 20) {
      sample(table, begin, at, clients, gateway.proc());
    }
    int moreThreads = gateway.proc().threads() - threads;
    double moreRss = gateway.proc().rssMb() - rss;
    clients.stop();
    for (long end = System.nanoTime() + 100_000_000_000L;
        clients.running() > 0 && System.nanoTime() < end; ) {
      Load.sleepUntil(System.nanoTime() + 100_000_000L);
    }
    table.print("Soak, " + STREAMS + " streams, every tenth with a fault");
    judge(clients, gateway, moreThreads, moreRss);
  }

  private static void sample(Table table, long begin, int at, SoakLoad clients, Proc proc)
      throws Exception {
    Load.sleepUntil(begin + at * 1_000_000_000L);
    table.row(Integer.toString(at), clients.running(), proc.threads(), proc.rssMb());
  }

  private void judge(SoakLoad clients, Child gateway, int moreThreads, double moreRss)
      throws Exception {
    var outcomes = clients.outcomes();
    System.out.println("  " + outcomes + "\n");
    long bad =
        outcomes.entrySet().stream()
            .filter(o -> !CLEAN.contains(o.getKey()) && !o.getKey().matches("error \\d+"))
            .mapToLong(o -> o.getValue())
            .sum();
    verdicts.atLeast("soak, whole answers", outcomes.getOrDefault("whole", 0), STREAMS, "");
    verdicts.exactly("soak, answers neither whole nor a clean error", bad, 0);
    verdicts.exactly("soak, clients without an end", clients.running(), 0);
    verdicts.exactly("soak, calls in flight afterwards", inFlight(gateway), 0);
    verdicts.atMost("soak, more threads than after the warm-up", moreThreads, 2, "");
    verdicts.atMost("soak, more RSS than after the warm-up", moreRss, 40, " MB");
  }

  private static long inFlight(Child gateway) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + gateway.port() + "/metrics");
    var request = HttpRequest.newBuilder(uri).build();
    var text = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    var found = IN_FLIGHT.matcher(text);
    return found.find() ? (long) Double.parseDouble(found.group(1)) : -1;
  }
}
