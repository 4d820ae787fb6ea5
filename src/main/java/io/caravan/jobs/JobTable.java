package io.caravan.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.store.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The jobs of all nodes. Every method may block; a failure is a {@code GatewayException}. */
final class JobTable {

  private final Rows rows;

  JobTable(Database database) {
    rows = new Rows(database);
  }

  /** Adds a job unless there is an active one with the same key, which is then the answer. */
  Job add(Job job, String key) {
    while (true) {
      int added =
          rows.update(
              "insert into jobs (id, type, params, state, created_at, service_name, model_name,"
                  + " active_key) values (?, ?, ?, ?, ?, ?, ?, ?)",
              job.id(),
              job.type(),
              Json.text(job.params()),
              job.state().text(),
              job.createdAt(),
              job.service(),
              job.model(),
              key);
      if (added == 1) return job;
      var active = JobRow.WHOLE + " and active_key = ?";
      var found = rows.query(JobRow.SELECT + active, JobRow::read, key);
      if (!found.isEmpty()) return found.get(0); // else it has just ended: try again
      rows.update(
          "update jobs set active_key = null where active_key = ? and not " + JobRow.WHOLE, key);
    }
  }

  Optional<Job> find(String id) {
    return rows.query(JobRow.SELECT + JobRow.WHOLE + " and id = ?", JobRow::read, id).stream()
        .findFirst();
  }

  /** The newest first; state and service null for any. */
  List<Job> list(String state, String service, int limit, int offset) {
    var arguments = new ArrayList<Object>();
    var where = JobRow.where(state, service, arguments);
    arguments.add(limit);
    arguments.add(offset);
    return rows.query(
        JobRow.SELECT + where + " order by created_at desc, id limit ? offset ?",
        JobRow::read,
        arguments.toArray());
  }

  long count(String state, String service) {
    var arguments = new ArrayList<Object>();
    var sql = "select count(*) from jobs where " + JobRow.where(state, service, arguments);
    return rows.query(sql, row -> row.getLong(1), arguments.toArray()).get(0);
  }

  /**
   * Takes a job for a node, if it is waiting or its node has died, and the service has room.
   *
   * @return whether the node has it now
   */
  boolean claim(Job job, String node, int perService, Instant now) {
    return rows.update(
            "update jobs set state = 'running', owner = ?, attempt = attempt + 1, error = null,"
                + " started_at = coalesce(started_at, ?), revision = revision + 1 where id = ?"
                + " and state = ? and (select count(*) from jobs other where other.service_name = ?"
                + " and other.state = 'running' and other.id <> ?) < ?",
            node,
            now,
            job.id(),
            job.state().text(),
            job.service(),
            job.id(),
            perService)
        == 1;
  }

  /** Has all that was written outlive the process. */
  void flush() {
    rows.flush();
  }

  /** Writes what has changed of a job that this node runs, unless it has been taken over. */
  void save(Job job, String node) {
    rows.update(
        "update jobs set state = ?, progress = ?, error = ?, finished_at = ?, handle = ?,"
            + " revision = ?, active_key = case when ? then null else active_key end"
            + " where id = ? and owner = ? and state = 'running'",
        job.state().text(),
        text(job.progress()),
        text(job.error()),
        job.finishedAt(),
        job.handle(),
        job.revision(),
        job.isOver(),
        job.id(),
        node);
    if (job.isOver()) flush();
  }

  /** Ends a job that no node runs; whether it was so. */
  boolean endQueued(String id, Instant now) {
    return rows.update(
            "update jobs set state = 'cancelled', finished_at = ?, active_key = null,"
                + " revision = revision + 1 where id = ? and state = 'queued'",
            now,
            id)
        == 1;
  }

  /** Asks the node that runs a job to end it; whether it runs. */
  boolean askToEnd(String id) {
    return rows.update("update jobs set cancelling = true where id = ? and state = 'running'", id)
        == 1;
  }

  boolean isAskedToEnd(String id) {
    return rows.query("select cancelling from jobs where id = ?", row -> row.getBoolean(1), id)
        .contains(true);
  }

  /** Lets go of all jobs that a process held which is known to be gone. */
  void release() {
    rows.update(
        "update scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null"
            + " where picked = true");
  }

  /** The ids of those that are not over. */
  List<String> active() {
    var sql = "select id from jobs where state in ('queued', 'running')";
    return rows.query(sql, row -> row.getString(1));
  }

  /** Deletes what ended before a time, and of what is damaged what was made before it. */
  void forget(Instant before) {
    rows.update("delete from jobs where finished_at < ?", before);
    rows.update("delete from jobs where created_at < ? and not " + JobRow.WHOLE, before);
  }

  /** The ids of the rows that are damaged. */
  List<String> damaged() {
    var sql = "select id from jobs where not " + JobRow.WHOLE + " limit 100";
    return rows.query(sql, row -> row.getString(1));
  }

  private static String text(ObjectNode json) {
    return json == null ? null : Json.text(json);
  }
}
