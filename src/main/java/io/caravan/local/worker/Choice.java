package io.caravan.local.worker;

/**
 * A piece of one of a request's answers.
 *
 * @param index which of the {@code n} answers, from 0
 */
record Choice(int index, Piece piece) {

  /** Two texts of the same answer, or of the same call, as one; null if they are not. */
  static Choice join(Choice one, Choice other) {
    if (one.index != other.index) return null;
    var joined = join(one.piece, other.piece);
    return joined == null ? null : new Choice(one.index, joined);
  }

  private static Piece join(Piece one, Piece other) {
    if (one instanceof Piece.Text first && other instanceof Piece.Text second) {
      return new Piece.Text(first.text() + second.text());
    }
    if (one instanceof Piece.Arguments first && other instanceof Piece.Arguments second) {
      return new Piece.Arguments(first.text() + second.text());
    }
    return null;
  }
}
