package org.exchequer.lab.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * A disk with a file of records and a small header: what is written is readable at once and durable only after a sync.
 *
 * @param <H> the header
 * @param <R> a record
 */
public final class SimDisk<H, R> {
    private final List<R> records = new ArrayList<>();
    private H header;
    private H syncedHeader;
    private int synced;

    public SimDisk(H header) {
        this.header = header;
        this.syncedHeader = header;
    }

    public H header() {
        return header;
    }

    /** All records, those not yet durable included. */
    public List<R> records() {
        return records;
    }

    public void write(H newHeader) {
        header = newHeader;
    }

    public void append(R record) {
        records.add(record);
    }

    /** Makes everything written durable. */
    public void sync() {
        syncedHeader = header;
        synced = records.size();
    }

    /** Loses what is not durable, and returns the lost records. */
    public List<R> crash() {
        List<R> lost = List.copyOf(records.subList(synced, records.size()));
        records.subList(synced, records.size()).clear();
        header = syncedHeader;
        return lost;
    }
}
