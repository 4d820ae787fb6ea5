package io.caravan.local.worker;

/**
 * A piece of one of a request's answers.
 *
 * @param index which of the {@code n} answers, from 0
 */
record Choice(int index, Piece piece) {

  /** Two texts of the same answer as one; null if they are not. */
  static Choice join(Choice one, Choice other) {
    boolean texts =
        one.index == other.index
            && one.piece instanceof Piece.Text
            && other.piece instanceof Piece.Text;
    if (!texts) return null;
    var text = ((Piece.Text) one.piece).text() + ((Piece.Text) other.piece).text();
    return new Choice(one.index, new Piece.Text(text));
  }
}
