-- These only grow, and are read by their keys: analysing them anew for each tenth that they have grown by, once a minute
-- under load, tells the planner nothing new and takes half a second of a processor each time.
ALTER TABLE journal SET (autovacuum_analyze_scale_factor = 0.5, autovacuum_vacuum_insert_scale_factor = 0.5);
ALTER TABLE statement_page SET (autovacuum_analyze_scale_factor = 0.5, autovacuum_vacuum_insert_scale_factor = 0.5);
ALTER TABLE transaction_reference
    SET (autovacuum_analyze_scale_factor = 0.5, autovacuum_vacuum_insert_scale_factor = 0.5);

-- Nobody looks for a page by what is on it.
ALTER TABLE statement_page ALTER COLUMN lines SET STATISTICS 0;
