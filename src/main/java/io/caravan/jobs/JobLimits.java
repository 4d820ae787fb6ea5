package io.caravan.jobs;

import io.caravan.catalog.TimeLimits;
import io.caravan.settings.Configuration;
import java.time.Duration;

/**
 * How long jobs may take, and how many there may be.
 *
 * @param load to load or unload a model, or to delete one
 * @param transfer to install, import or update one, whole
 * @param stall without any progress
 * @param attempts how often a job is begun at most
 * @param perService how many run at a service at the same time
 * @param threads how many run on this node at the same time
 * @param keep how long those that are over are kept
 */
public record JobLimits(
    Duration load,
    Duration transfer,
    Duration stall,
    int attempts,
    int perService,
    int threads,
    Duration keep) {

  private static final Duration MARGIN = Duration.ofSeconds(5);

  /** The limits that the settings name. */
  public static JobLimits of(Configuration configuration) {
    return new JobLimits(
        seconds(configuration, "caravan.jobs.load-timeout-sec", 300),
        seconds(configuration, "caravan.jobs.transfer-timeout-sec", 86_400),
        seconds(configuration, "caravan.jobs.stall-timeout-sec", 300),
        Math.max(1, (int) configuration.number("caravan.jobs.max-attempts", 4)),
        Math.max(1, (int) configuration.number("caravan.jobs.per-service", 2)),
        Math.max(1, (int) configuration.number("caravan.jobs.per-node", 8)),
        Duration.ofDays((long) configuration.number("caravan.jobs.keep-days", 30)));
  }

  /** For the whole of a job. */
  Duration whole(String type) {
    return isTransfer(type) ? transfer : load;
  }

  /** For a service's answers to what a job asks: later than the job's own limits. */
  TimeLimits calls(TimeLimits usual, String type) {
    var silence = silence(type).plus(MARGIN);
    return new TimeLimits(
        usual.connect(), usual.brief(), silence, silence, whole(type).plus(MARGIN));
  }

  /** After how long without progress a job is given up. */
  Duration silence(String type) {
    if (type.equals("import")) return transfer; // a file is read and sent without a word
    return isTransfer(type) ? stall : load;
  }

  private static boolean isTransfer(String type) {
    return type.equals("install") || type.equals("import") || type.equals("update");
  }

  private static Duration seconds(Configuration configuration, String key, double otherwise) {
    return Duration.ofMillis((long) (configuration.number(key, otherwise) * 1000));
  }
}
