package org.exchequer.screening;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BooleanSimilarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.BytesRef;
import org.exchequer.screening.match.IndexTerms;
import org.exchequer.screening.match.ParsedName;
import org.jspecify.annotations.Nullable;

/**
 * Finds the listed names that are worth a comparison: a Lucene index in memory, one document a name.
 *
 * <p>A name's score is the sum of the weights of the terms it shares with the question, and the weights do not come
 * from this index. So whether a name is near enough does not depend on which other names are listed, which is what lets
 * {@link Rescreening} leave out whom a change of a list cannot touch.
 */
final class Candidates {
    /** A name that shares less than this of the question's weight is too far to be an alert. */
    static final double LEAST_SHARE = 0.12;

    private static final String FIELD = "t";
    private static final String NUMBER = "n";
    private static final int MOST_CLAUSES = 1_000;
    private static final double ROUNDING = 1e-4;

    private final IndexTerms terms;
    private final @Nullable IndexSearcher searcher;
    /** Where each term is in the index, looked up once: what is not in it need not be asked for. */
    private final Map<String, TermStates> known;

    private Candidates(IndexTerms terms, @Nullable IndexSearcher searcher, Map<String, TermStates> known) {
        this.terms = terms;
        this.searcher = searcher;
        this.known = known;
    }

    /** @param names a name's number is its place in the list */
    static Candidates of(List<ParsedName> names, IndexTerms terms) {
        if (names.isEmpty()) {
            return new Candidates(terms, null, Map.of());
        }
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        IndexWriterConfig config = new IndexWriterConfig()
                .setSimilarity(new BooleanSimilarity())
                .setMergePolicy(new LogDocMergePolicy())
                .setRAMBufferSizeMB(128);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (int number = 0; number < names.size(); number++) {
                Document document = new Document();
                for (String term : terms.of(names.get(number)).keySet()) {
                    document.add(new StringField(FIELD, term, Field.Store.NO));
                }
                document.add(new NumericDocValuesField(NUMBER, number));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        } catch (IOException e) {
            throw new UncheckedIOException("an index in memory does no input or output", e);
        }
        try {
            // Neither is closed: a question under way may still use them when the next version takes over, and they
            // hold nothing but memory.
            IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(directory));
            searcher.setSimilarity(new BooleanSimilarity());
            searcher.setQueryCache(null);
            return new Candidates(terms, searcher, known(searcher));
        } catch (IOException e) {
            throw new UncheckedIOException("an index in memory does no input or output", e);
        }
    }

    private static Map<String, TermStates> known(IndexSearcher searcher) throws IOException {
        Map<String, TermStates> known = new HashMap<>();
        TermsEnum each = MultiTerms.getTerms(searcher.getIndexReader(), FIELD).iterator();
        for (BytesRef term = each.next(); term != null; term = each.next()) {
            known.put(term.utf8ToString(), TermStates.build(searcher, new Term(FIELD, term), true));
        }
        return known;
    }

    /** Numbers of at most so many names, the nearest ones, in ascending order. */
    int[] find(ParsedName name, int most) {
        return find(name, most, LEAST_SHARE);
    }

    /** Whether any name comes so near that {@link #find} could return it; with a margin for rounding. */
    boolean any(ParsedName name) {
        return find(name, 1, LEAST_SHARE * 0.99).length > 0;
    }

    private int[] find(ParsedName name, int most, double share) {
        Map<String, Double> wanted = terms.of(name);
        if (searcher == null || wanted.isEmpty()) {
            return new int[0];
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        double all = 0;
        double possible = 0;
        int clauses = 0;
        for (Map.Entry<String, Double> term : wanted.entrySet()) {
            if (clauses++ == MOST_CLAUSES) {
                break;
            }
            float boost = term.getValue().floatValue();
            all += boost;
            TermStates states = known.get(term.getKey());
            if (states != null) {
                possible += boost;
                query.add(
                        new BoostQuery(new TermQuery(new Term(FIELD, term.getKey()), states), boost),
                        BooleanClause.Occur.SHOULD);
            }
        }
        // With a margin, as the index adds up in another order.
        if (possible < share * all * (1 - ROUNDING)) {
            return new int[0];
        }
        try {
            ScoreDoc[] found = searcher.search(query.build(), most).scoreDocs;
            int[] numbers = new int[found.length];
            int count = 0;
            Arrays.sort(found, (one, other) -> Integer.compare(one.doc, other.doc));
            NumericDocValues numberOf =
                    searcher.getIndexReader().leaves().getFirst().reader().getNumericDocValues(NUMBER);
            for (ScoreDoc doc : found) {
                if (doc.score >= share * all && numberOf.advanceExact(doc.doc)) {
                    numbers[count++] = Math.toIntExact(numberOf.longValue());
                }
            }
            int[] near = Arrays.copyOf(numbers, count);
            Arrays.sort(near);
            return near;
        } catch (IOException e) {
            throw new UncheckedIOException("an index in memory does no input or output", e);
        }
    }
}
