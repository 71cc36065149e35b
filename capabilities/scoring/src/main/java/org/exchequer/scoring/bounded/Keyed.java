package org.exchequer.scoring.bounded;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** State by key, at most so many: beyond, the key that was touched longest ago is forgotten, and counted. */
public final class Keyed<S extends Keyed.State> {
    /** State of one key, chained from the one touched longest ago to the newest. */
    public abstract static class State {
        private long key;
        private @Nullable State older;
        private @Nullable State newer;

        /** What it is the state of. */
        public final long key() {
            return key;
        }

        /** Told when the key is forgotten. */
        protected void forget() {}

        /** Writes what {@link #read} of a new state restores. */
        protected abstract void write(DataOutput out) throws IOException;

        protected abstract void read(DataInput in) throws IOException;
    }

    private final Long2ObjectHashMap<S> states = new Long2ObjectHashMap<>();
    private final Supplier<S> fresh;
    private final int most;
    private @Nullable State oldest;
    private @Nullable State newest;
    private long forgotten;

    /**
     * Nothing yet.
     *
     * @param most keys that fit, at least 2
     * @param fresh makes the state of a key that is not there
     */
    public Keyed(int most, Supplier<S> fresh) {
        if (most < 2) {
            throw new IllegalArgumentException("at least 2 keys must fit, not " + most);
        }
        this.most = most;
        this.fresh = fresh;
    }

    /** The state of a key, new if there is none, and now the newest. */
    @SuppressWarnings("ReferenceEquality")
    public S touch(long key) {
        S state = states.get(key);
        if (state == null) {
            if (states.size() == most && oldest != null) {
                State gone = oldest;
                unlink(gone);
                states.remove(gone.key);
                gone.forget();
                forgotten++;
            }
            state = fresh.get();
            ((State) state).key = key;
            states.put(key, state);
        } else if (state == newest) {
            return state;
        } else {
            unlink(state);
        }
        link(state);
        return state;
    }

    /** The state of a key without touching it, null if there is none. */
    public @Nullable S find(long key) {
        return states.get(key);
    }

    /** Keys that are there. */
    public int size() {
        return states.size();
    }

    /** Keys that had to go for others since the beginning. */
    public long forgotten() {
        return forgotten;
    }

    private void link(State state) {
        state.older = newest;
        state.newer = null;
        if (newest == null) {
            oldest = state;
        } else {
            newest.newer = state;
        }
        newest = state;
    }

    private void unlink(State state) {
        if (state.older == null) {
            oldest = state.newer;
        } else {
            state.older.newer = state.newer;
        }
        if (state.newer == null) {
            newest = state.older;
        } else {
            state.newer.older = state.older;
        }
    }

    /** Hands over each state from the one touched longest ago. */
    public void forEach(Consumer<? super S> consumer) {
        for (State state = oldest; state != null; state = state.newer) {
            consumer.accept(Objects.requireNonNull(states.get(state.key)));
        }
    }

    /** Writes all keys in the order in which they would be forgotten. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(states.size());
        out.writeLong(forgotten);
        for (State state = oldest; state != null; state = state.newer) {
            out.writeLong(state.key);
            state.write(out);
        }
    }

    /** Restores into one that is empty. */
    public void read(DataInput in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > most) {
            throw new IOException("a snapshot of " + size + " keys does not fit in " + most);
        }
        long already = in.readLong();
        for (int i = 0; i < size; i++) {
            touch(in.readLong()).read(in);
        }
        forgotten = already;
    }
}
