package io.caravan.it;

/** Request bodies and recorded answers. */
final class Requests {

  private static final java.nio.file.Path WIRE = java.nio.file.Path.of("src/test/resources/wire");

  private Requests() {}

  /** JSON written with single quotes. */
  static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }

  /** A chat request with one message; {@code fields} are more of its fields, or empty. */
  static String chat(String model, String fields) {
    return json(
        "{'model':'%s','messages':[{'role':'user','content':'Hello'}]%s}"
            .formatted(model, fields.isEmpty() ? "" : "," + fields));
  }

  static String streamedChat(String model) {
    return chat(model, "'stream':true");
  }

  /** A recorded body, as text. */
  static String wire(String file) {
    try {
      return java.nio.file.Files.readString(WIRE.resolve(file));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** One chunk of an OpenAI stream with text in it. */
  static String chunk(String text) {
    return json(
        "{'id':'c-1','object':'chat.completion.chunk','created':5,'model':'m','choices':[{'index':0,"
            + "'delta':{'content':'%s'},'finish_reason':null}]}".formatted(text));
  }

  /** The chunk that ends an OpenAI stream's only choice. */
  static String lastChunk() {
    return json(
        "{'id':'c-1','object':'chat.completion.chunk','created':5,'model':'m',"
            + "'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}");
  }

  /** The chunk that begins an OpenAI stream and says nothing yet. */
  static String roleChunk() {
    return json("{'id':'c-1','choices':[{'index':0,'delta':{'role':'assistant','content':''}}]}");
  }

  /** A streamed chat that is answered until the context is full. */
  static String endless(String model) {
    return chat(
        model,
        "'stream':true,'temperature':0,'response_format':{'type':'json_schema','json_schema':{'name':'a',"
            + "'schema':{'type':'array','minItems':1500,'items':{'type':'array','minItems':100,"
            + "'items':{'type':'string'}}}}}");
  }
}
