package org.exchequer.scoring.generator;

/**
 * The truth about a fraudulent payment; honest ones have none. Kept apart from events, so that no feature can hold it.
 *
 * @param event id of the payment
 * @param typology what it is part of
 * @param caseNumber payments of one case share it; from 1
 */
public record Label(long event, Typology typology, int caseNumber) {}
