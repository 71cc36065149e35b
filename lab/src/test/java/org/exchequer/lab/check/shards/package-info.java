@NullMarked
package org.exchequer.lab.check.shards;

import org.jspecify.annotations.NullMarked;
