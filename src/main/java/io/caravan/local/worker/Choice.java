package io.caravan.local.worker;

/**
 * A piece of one of a request's answers.
 *
 * @param index which of the {@code n} answers, from 0
 */
record Choice(int index, Piece piece) {}
