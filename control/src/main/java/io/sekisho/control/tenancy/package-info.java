/** Tenants, their domains, routes and recipients: what they are, and the one door through which they change. */
@NullMarked
package io.sekisho.control.tenancy;

import org.jspecify.annotations.NullMarked;
