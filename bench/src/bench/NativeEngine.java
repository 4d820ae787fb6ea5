package bench;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.Pair;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The engine of local models with nothing around it: java-llama.cpp in a process of its own, loaded
 * as a worker loads it. Arguments: the GGUF file, slots, tokens for each, threads. For each line of
 * standard input, "streams tokens", it generates and answers "seconds firstMillis".
 */
public final class NativeEngine {

  private NativeEngine() {}

  public static void main(String[] args) throws Exception {
    int slots = Integer.parseInt(args[1]);
    int threads = Integer.parseInt(args[3]);
    var parameters = new ModelParameters().setModel(args[0]);
    parameters.skipWarmup().disableLog().disableContextShift().enableJinja();
    parameters.setThreads(threads).setThreadsBatch(threads).setBatchSize(512);
    parameters.setParallel(slots).setCtxSize(slots * Integer.parseInt(args[2]));
    var model = new LlamaModel(parameters);
    System.out.println("ready");
    var commands = new BufferedReader(new InputStreamReader(System.in));
    for (var line = commands.readLine(); line != null; line = commands.readLine()) {
      var words = line.split(" ");
      System.out.println(run(model, Integer.parseInt(words[0]), Integer.parseInt(words[1])));
    }
    Runtime.getRuntime().halt(0);
  }

  private static String run(LlamaModel model, int streams, int tokens) throws Exception {
    var firsts = new long[streams];
    var done = new CountDownLatch(streams);
    var readers = new ArrayList<Thread>();
    long begin = System.nanoTime();
    for (int i = 0; i < streams; i++) {
      int index = i;
      readers.add(new Thread(() -> generate(model, tokens, firsts, index, done)));
    }
    readers.forEach(Thread::start);
    done.await();
    double seconds = (System.nanoTime() - begin) / 1e9;
    return seconds + " " + (firsts[0] - begin) / 1e6;
  }

  private static void generate(
      LlamaModel model, int tokens, long[] firsts, int index, CountDownLatch done) {
    var messages = List.of(new Pair<>("user", Prompt.next()));
    var prompt = model.applyTemplate(new InferenceParameters("").setMessages("", messages));
    var request =
        new InferenceParameters(prompt)
            .setNPredict(tokens)
            .setTemperature(0)
            .setIgnoreEos(true)
            .setCachePrompt(false);
    for (var output : model.generate(request)) {
      if (firsts[index] == 0 && !output.text.isEmpty()) firsts[index] = System.nanoTime();
    }
    done.countDown();
  }
}
