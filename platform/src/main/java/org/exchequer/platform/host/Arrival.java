package org.exchequer.platform.host;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.exchequer.platform.security.RouteTable;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Where the host's start waits for what it shall serve. The first bean to be made after the container and security, and
 * before any of MVC: so those start while databases do, and MVC finds everything there.
 */
final class Arrival {
    private final Served served;

    Arrival(GenericApplicationContext context, RouteTable routes, Future<Served> awaited) {
        try {
            served = awaited.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before there was anything to serve", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("there will be nothing to serve", e.getCause());
        }
        routes.add(served.routes());
        int number = 0;
        for (Object controller : served.controllers()) {
            context.getBeanFactory().registerSingleton("controller" + number, controller);
            number++;
        }
        served.more().accept(context);
    }

    Served served() {
        return served;
    }
}
