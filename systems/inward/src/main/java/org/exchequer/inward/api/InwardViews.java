package org.exchequer.inward.api;

/** What inward clearing offers to those who show it. */
public record InwardViews(PaymentBook payments, Statistics statistics, DeadLetters letters, Bulks bulks) {}
