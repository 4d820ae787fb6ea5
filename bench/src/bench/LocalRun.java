package bench;

/**
 * One measurement of a model.
 *
 * @param rate tokens per second of all streams, from the first request to the last answer
 * @param firstMs from the request to the first text of one of them
 */
record LocalRun(double rate, double firstMs) {}
