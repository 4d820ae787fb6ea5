package io.caravan.local.worker;

/** Something in a schema that no grammar enforces; the message names it. */
final class SchemaRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SchemaRefusal(String what) {
    super(what, null, false, false);
  }
}
