package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * So many clients that each ask for a stream, read it to its end, and ask again. Each answer must
 * be whole or say that it failed. The load's loop alone touches the state.
 */
final class SoakLoad {

  private static final Pattern CONTENT = Pattern.compile("\"content\":\"(w\\d+ )\"");
  private static final long HUNG_NANOS = 90_000_000_000L;
  private static final String WHOLE = whole();

  private final Load load;
  private final Target target;
  private final byte[] rescued = Wire.streamRequest("main~bench", "spare~bench");
  private final byte[] alone = Wire.streamRequest("main~bench", null);
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private int asked;
  private int running;
  private boolean stopped;

  SoakLoad(Load load, Target target) {
    this.load = load;
    this.target = target;
  }

  /** Opens the clients within ten seconds, so that their streams end at different times. */
  void open(int clients) {
    long start = System.nanoTime();
    for (int i = 0; i < clients; i++) {
      Load.sleepUntil(start + i * (10_000_000_000L / clients));
      load.onLoop(() -> new Client().ask());
    }
  }

  /** No client asks again. */
  void stop() throws Exception {
    load.onLoopAndWait(() -> stopped = true);
  }

  int running() throws Exception {
    return load.ask(() -> running);
  }

  /** How often which end was seen. */
  Map<String, Integer> outcomes() throws Exception {
    return load.ask(() -> new TreeMap<>(outcomes));
  }

  private static String whole() {
    var text = new StringBuilder();
    for (int i = 0; i < FaultyUpstream.WORDS; i++) text.append('w').append(i).append(' ');
    return text.toString();
  }

  private static String outcome(int status, String body) {
    boolean done = body.contains("data: [DONE]");
    boolean failed = body.contains("\"error\"");
    if (status != 200) return failed ? "error " + status : "status " + status + " without an error";
    if (failed) return done ? "an error that looks like success" : "error event";
    var said = new StringBuilder();
    for (var word = CONTENT.matcher(body); word.find(); ) said.append(word.group(1));
    return done && said.toString().equals(WHOLE) ? "whole" : "truncated";
  }

  /** One connection for each call, as most clients of streams do. */
  private final class Client implements HttpReader.Sink {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Connection connection;
    private boolean over;
    private long timer;

    void ask() {
      running++;
      boolean first = asked++ % 10 != 9;
      timer = load.later(HUNG_NANOS / 1_000_000, () -> end(first ? "hung" : "hung, alone"));
      Connection.open(load.client(), target.port(), this, () -> end("closed early"))
          .onSuccess(
              opened -> {
                connection = opened;
                opened.send(first ? rescued : alone);
              });
    }

    @Override
    public void body(byte[] bytes, int from, int to) {
      body.write(bytes, from, to - from);
    }

    @Override
    public void end(int status) {
      end(outcome(status, body.toString(UTF_8)));
    }

    private void end(String outcome) {
      if (over) return;
      over = true;
      load.cancel(timer);
      outcomes.merge(outcome, 1, Integer::sum);
      running--;
      if (connection != null) connection.close();
      if (!stopped) new Client().ask();
    }
  }
}
