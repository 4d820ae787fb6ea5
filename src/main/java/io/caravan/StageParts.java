package io.caravan;

import io.caravan.dialect.OpenAiDialect;
import io.caravan.inbound.AnswerWriter;
import io.caravan.inbound.RequestReader;
import io.caravan.inbound.TokenWriter;
import io.caravan.routing.Shadow;
import io.caravan.routing.TargetChoice;
import io.caravan.settings.Configuration;
import java.time.Clock;
import java.util.function.Supplier;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;

/**
 * Puts together what the stages around dispatch name.
 *
 * @param now the settings that count at a time
 */
record StageParts(
    Configuration configuration, Supplier<Configuration> now, TargetChoice choice, Clock clock) {

  void bind(Main main) {
    var writer = new AnswerWriter(clock);
    main.bind("requestReader", new RequestReader(configuration, now));
    main.bind("targetChoice", choice);
    main.bind("shadow", new Shadow());
    main.bind("openAiDialect", new OpenAiDialect());
    main.bind("completionWriter", (Processor) writer::completion);
    main.bind("embeddingsWriter", (Processor) writer::embeddings);
    main.bind("tokenWriter", new TokenWriter());
  }
}
