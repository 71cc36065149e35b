/** What every HTTP door stands on: problem documents, strict JSON, limits in size, time and rate, the request log. */
@NullMarked
package org.exchequer.platform.web;

import org.jspecify.annotations.NullMarked;
