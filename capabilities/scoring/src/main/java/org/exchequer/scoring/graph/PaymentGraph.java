package org.exchequer.scoring.graph;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.exchequer.scoring.bounded.Keyed;
import org.exchequer.scoring.graph.Node.Edges;

/**
 * The payments of the last days as a directed graph, updated and asked with every payment. Not safe for several
 * threads.
 *
 * <p>A payment that comes late is asked about as of its own time: what arrived before and happened later is not
 * counted. Every search is bounded by {@link GraphSettings}; where a bound was met, {@link GraphFacts#capped} says
 * so and {@link #capped} counts it.
 */
public final class PaymentGraph {
    private final GraphSettings settings;
    private final Keyed<Node> accounts;
    private Node[] queue = new Node[256];
    private long[] arrivals = new long[256];
    private int queued;
    private long epoch;
    private long answers;
    private long cappedAnswers;
    private int left;
    private boolean met;

    public PaymentGraph(GraphSettings settings) {
        this.settings = settings;
        accounts = new Keyed<>(settings.accounts(), Node::new);
    }

    /**
     * Answers about a payment, then remembers it.
     *
     * @param payer pseudonym, not 0
     * @param payee pseudonym, not 0
     * @param timeMillis when it was ordered
     */
    public GraphFacts add(long payer, long payee, long timeMillis) {
        if (payer == payee) {
            return GraphFacts.NONE;
        }
        Node from = accounts.touch(payer);
        Node to = accounts.touch(payee);
        GraphFacts facts = facts(from, to, timeMillis);
        from.out.add(to, timeMillis, settings.edges());
        to.in.add(from, timeMillis, settings.edges());
        answers++;
        if (facts.capped()) {
            cappedAnswers++;
        }
        return facts;
    }

    /** Payments answered about since the beginning. */
    public long answers() {
        return answers;
    }

    /** Answers for which a bound was met. */
    public long capped() {
        return cappedAnswers;
    }

    /** Accounts that had to make room for others since the beginning. */
    public long forgotten() {
        return accounts.forgotten();
    }

    /** Accounts remembered. */
    public int size() {
        return accounts.size();
    }

    private GraphFacts facts(Node from, Node to, long until) {
        long after = until - settings.windowMillis();
        met = from.out.hub(after, until)
                || from.in.hub(after, until)
                || to.out.hub(after, until)
                || to.in.hub(after, until);
        int payerIn = distinct(from.in, after, until);
        int payeeOut = distinct(to.out, after, until);
        int scatter = payerIn == 0 ? 0 : scatterGather(from, to, after, until);
        int cycle = 0;
        int temporal = 0;
        if (payerIn > 0 && payeeOut > 0) {
            cycle = cycle(to, from, after, until);
            temporal = cycle == 0 ? 0 : temporalCycle(to, from, after, until);
        }
        return new GraphFacts(
                distinct(from.out, after, until),
                payerIn,
                payeeOut,
                distinct(to.in, after, until),
                scatter,
                cycle,
                temporal,
                met);
    }

    private int distinct(Edges edges, long after, long until) {
        epoch++;
        int count = 0;
        for (int i = 0; i < edges.size; i++) {
            Node other = edges.others[i];
            if (edges.times[i] > after && edges.times[i] <= until && other.seen != epoch && !other.gone) {
                other.seen = epoch;
                count++;
            }
        }
        return count;
    }

    /** Sources of the payer, newest first, each with those of its payees that pay the payee. */
    private int scatterGather(Node payer, Node payee, long after, long until) {
        long members = ++epoch;
        payer.member = members;
        for (int i = 0; i < payee.in.size; i++) {
            if (payee.in.times[i] > after && payee.in.times[i] <= until) {
                payee.in.others[i].member = members;
            }
        }
        int most = 0;
        left = settings.budget();
        long asked = ++epoch;
        queued = 0;
        for (int i = 0; i < payer.in.size; i++) {
            Node source = payer.in.others[i];
            boolean open = payer.in.times[i] > after && payer.in.times[i] <= until && !source.gone;
            if (open && source != payee && source.seen != asked) {
                source.seen = asked;
                push(source, 0);
            }
        }
        for (int place = queued - 1; place >= 0; place--) {
            Edges scattered = queue[place].out;
            if (left < scattered.size) {
                met = true;
                return most;
            }
            left -= scattered.size;
            met |= scattered.hub(after, until);
            most = Math.max(most, through(scattered, members, queue[place], after, until));
        }
        return most;
    }

    private int through(Edges scattered, long members, Node source, long after, long until) {
        long counted = ++epoch;
        int count = 0;
        for (int i = 0; i < scattered.size; i++) {
            Node middle = scattered.others[i];
            boolean open = scattered.times[i] > after && scattered.times[i] <= until && !middle.gone;
            if (open && middle != source && middle.member == members && middle.seen != counted) {
                middle.seen = counted;
                count++;
            }
        }
        return count;
    }

    /** Breadth first from the payee to the payer: the first way found is the shortest, and so has no account twice. */
    private int cycle(Node start, Node end, long after, long until) {
        left = settings.budget();
        long visited = ++epoch;
        start.seen = visited;
        queued = 0;
        push(start, 0);
        int done = 0;
        for (int length = 2; length <= settings.cycle(); length++) {
            int layer = queued;
            for (; done < layer; done++) {
                Edges edges = queue[done].out;
                if (closed(edges, after, until)) {
                    continue;
                }
                for (int i = 0; i < edges.size; i++) {
                    Node other = edges.others[i];
                    if (edges.times[i] > after && edges.times[i] <= until && other.seen != visited && !other.gone) {
                        if (other == end) {
                            return length;
                        }
                        other.seen = visited;
                        push(other, 0);
                    }
                }
            }
        }
        return 0;
    }

    /**
     * The same, keeping for each account the earliest time at which money can have come: an account reached earlier in
     * no more steps makes the later way needless. A shortest such way has no account twice, for the part between
     * its two visits could be left out.
     */
    private int temporalCycle(Node start, Node end, long after, long until) {
        left = settings.budget();
        long visited = ++epoch;
        start.seen = visited;
        start.arrival = after;
        queued = 0;
        push(start, after);
        int done = 0;
        for (int length = 2; length <= settings.cycle(); length++) {
            int layer = queued;
            for (; done < layer; done++) {
                Edges edges = queue[done].out;
                long arrived = arrivals[done];
                if (closed(edges, after, until)) {
                    continue;
                }
                for (int i = 0; i < edges.size; i++) {
                    Node other = edges.others[i];
                    long time = edges.times[i];
                    boolean open = time > arrived && time < until && !other.gone;
                    if (open && other == end) {
                        return length;
                    }
                    if (open && (other.seen != visited || time < other.arrival)) {
                        other.seen = visited;
                        other.arrival = time;
                        push(other, time);
                    }
                }
            }
        }
        return 0;
    }

    /** Whether no way leads on: it is a hub, or as much was looked at as may be. */
    private boolean closed(Edges edges, long after, long until) {
        if (edges.hub(after, until) || left < edges.size) {
            met = true;
            return true;
        }
        left -= edges.size;
        return false;
    }

    private void push(Node node, long arrival) {
        if (queued == queue.length) {
            queue = Arrays.copyOf(queue, 2 * queued);
            arrivals = Arrays.copyOf(arrivals, 2 * queued);
        }
        queue[queued] = node;
        arrivals[queued++] = arrival;
    }

    /** Writes all that {@link #read} restores; the same graph gives the same bytes. */
    public void write(DataOutput out) throws IOException {
        out.writeLong(settings.windowMillis());
        out.writeInt(settings.edges());
        out.writeLong(answers);
        out.writeLong(cappedAnswers);
        accounts.write(out);
        for (Node node : inOrder()) {
            node.out.write(out);
            node.in.write(out);
        }
    }

    /** Restores into a new graph of the same window and number of payments. */
    public void read(DataInput in) throws IOException {
        if (in.readLong() != settings.windowMillis() || in.readInt() != settings.edges()) {
            throw new IOException("the snapshot's graph has another window or number of payments");
        }
        answers = in.readLong();
        cappedAnswers = in.readLong();
        accounts.read(in);
        Node gone = new Node();
        gone.gone = true;
        for (Node node : inOrder()) {
            read(in, node.out, gone);
            read(in, node.in, gone);
        }
    }

    private void read(DataInput in, Edges edges, Node gone) throws IOException {
        long dropped = in.readLong();
        int next = in.readInt();
        int size = in.readInt();
        if (size < 0 || size > settings.edges() || next < 0 || next >= settings.edges()) {
            throw new IOException("an account with " + size + " payments in the graph");
        }
        for (int i = 0; i < size; i++) {
            long other = in.readLong();
            Node known = other == 0 ? gone : accounts.find(other);
            if (known == null) {
                throw new IOException("a payment of an account that is not in the graph");
            }
            edges.add(known, in.readLong(), settings.edges());
        }
        edges.restored(next, dropped);
    }

    private Node[] inOrder() {
        Node[] all = new Node[accounts.size()];
        int[] place = {0};
        accounts.forEach(node -> all[place[0]++] = node);
        return all;
    }
}
