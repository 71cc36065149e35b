package org.exchequer.iso20022;

/**
 * An account as its bank names it.
 *
 * @param id an IBAN without blanks, e.g. {@code DE89370400440532013000}, or 1 to 34 characters of another scheme
 * @param iban whether it was given as an IBAN; its check digits and its country's form are right then
 */
public record Account(String id, boolean iban) {}
