package io.caravan.personal;

/** What users are told more than once. */
final class Messages {

  static final String DAMAGED =
      "Your settings are stored, but cannot be read: the row is damaged. Save them again, or remove"
          + " them with DELETE /api/settings/llm.";

  private Messages() {}
}
