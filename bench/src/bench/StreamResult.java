package bench;

/**
 * One run of concurrent streams: times in milliseconds, CPU in microseconds per event, load in cores,
 * threads and memory the highest seen.
 */
record StreamResult(
    int streams,
    int completed,
    long lost,
    double eventsPerSecond,
    double firstP50,
    double firstP99,
    double delayP50,
    double delayP99,
    double cpu,
    double loadCores,
    int threads,
    double rss) {}
