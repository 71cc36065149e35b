/** The thin Spring Boot host: takes plain objects, serves them over HTTP behind security, limits and telemetry. */
@NullMarked
package org.exchequer.platform.host;

import org.jspecify.annotations.NullMarked;
