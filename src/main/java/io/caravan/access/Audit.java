package io.caravan.access;

import io.caravan.errors.GatewayException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of changes by the API: who, when, what. A change is noted when its call has succeeded, on
 * a thread of its own; what the database does not take stands in the log file.
 */
public final class Audit implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
  private static final String PROPERTY = "CaravanAudit";
  private static final String ADDRESS = "CaravanAddress";
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
  private static final int WAITING = 1000;
  private static final long CLOSE_SECONDS = 2;

  private final Supplier<DataSource> source;
  private final Duration kept;
  private final Clock clock;
  private final ThreadPoolExecutor writer;

  /** Whether calls of a route are to be noted. */
  public static boolean concerns(String path, String methods) {
    boolean reads = methods != null && READS.containsAll(List.of(methods.split(",")));
    boolean own = path.startsWith("/api/settings/");
    boolean test = path.endsWith("/test"); // asks a service, and changes nothing
    return !reads && !test && (own || Entrance.of(path) == Entrance.ADMIN);
  }

  /** What is known when a call begins. */
  private record Begun(String subject, String address, String details) {}

  /**
   * @param kept how long entries stay
   */
  Audit(Supplier<DataSource> source, Duration kept, Clock clock) {
    this.source = source;
    this.kept = kept;
    this.clock = clock;
    writer =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), Audit::thread);
    writer.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "audit");
    thread.setDaemon(true);
    return thread;
  }

  /** Notes where a call comes from. */
  public static void from(Exchange exchange, String address) {
    exchange.setProperty(ADDRESS, address);
  }

  /** A call that may change something begins; its body has not been touched yet. */
  public static void begin(Exchange exchange) {
    var message = exchange.getMessage();
    var method = message.getHeader(Exchange.HTTP_METHOD, String.class);
    if (READS.contains(method)) return;
    var address = exchange.getProperty(ADDRESS, String.class);
    var subject = method + " " + message.getHeader(Exchange.HTTP_PATH);
    var body = message.getBody() instanceof byte[] bytes ? bytes : null;
    exchange.setProperty(PROPERTY, new Begun(subject, address, AuditEntry.details(body)));
  }

  /** Adds to a call what it turned out to be about; nothing if the call is not noted. */
  public static void tell(Exchange exchange, String field, String value) {
    var begun = exchange.getProperty(PROPERTY, Begun.class);
    if (begun == null) return;
    var details = AuditEntry.with(begun.details, field, value);
    exchange.setProperty(PROPERTY, new Begun(begun.subject, begun.address, details));
  }

  /** It is over: noted if it was such a call and succeeded. */
  public void ended(Exchange exchange, String route, int status) {
    var begun = exchange.getProperty(PROPERTY, Begun.class);
    if (begun == null || status >= 400) return;
    var client = Client.of(exchange);
    var id = UUID.randomUUID().toString();
    var subject = begun.subject.length() > 1000 ? begun.subject.substring(0, 1000) : begun.subject;
    var entry =
        new AuditEntry(
            id,
            clock.instant(),
            client.id(),
            client.name(),
            begun.address,
            route,
            subject,
            status,
            begun.details);
    try {
      writer.execute(() -> write(entry));
    } catch (RejectedExecutionException e) {
      LOG.warn("Not in the audit log: {}", entry);
    }
  }

  private void write(AuditEntry entry) {
    try {
      var table = new AuditTable(source.get());
      table.insert(entry);
      if (!kept.isZero()) table.deleteBefore(clock.instant().minus(kept));
    } catch (SQLException | GatewayException e) {
      LOG.warn("Not in the audit log: {} ({})", entry, e.getMessage());
    }
  }

  /** Writes what still waits, for a bounded time. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) writer.shutdownNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
