package org.exchequer.screening.match;

/** What the model weighs of two aligned names, in the order of its coefficients. */
public enum Feature {
    /** Always 1. */
    BASE,
    /** Share of the weight of all words that is lost between paired words which differ. */
    DIFFERENCE,
    /** How far the pair that differs most is apart. */
    WORST,
    /** Share of the weight of all words that stand alone on both sides: two different people share a surname. */
    CONTRADICTION,
    /** 1 if on both sides a word that is no particle stands alone. */
    CONTRADICTED,
    /** Share of the weight that one side has more, of a person or a thing whose kind is not known. */
    EXTRA_PERSON,
    /** The same of a company, ship or aircraft, where one word more is often another company. */
    EXTRA_THING,
    /** How much less than 1.5 words' worth is alike. */
    THIN,
    /** 1 if numbers differ, or only one has one. */
    NUMBER,
    /** 1 if legal forms are given and are of different classes. */
    FORM,
    /** 1 if a person's words stand in another order and no comma says why. */
    ORDER,
    /** How many words are paired with initials only, at most 2. */
    INITIAL,
    /** 1 if Han or Hangul is compared with letters: a thousand characters share four hundred syllables. */
    SYLLABLES,
    /** 1 if of two persons' names one word alone is paired, and one of them has more. */
    LONE
}
