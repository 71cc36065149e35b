/** Physical backups of the embedded PostgreSQL, the archive of its write-ahead log, and recovery from both. */
@NullMarked
package org.exchequer.platform.backup;

import org.jspecify.annotations.NullMarked;
