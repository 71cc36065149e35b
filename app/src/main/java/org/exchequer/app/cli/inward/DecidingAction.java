package org.exchequer.app.cli.inward;

import java.util.Set;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.platform.module.Role;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A command about what one person proposes and another decides. */
abstract class DecidingAction extends InwardAction {
    DecidingAction(LedgerContext context) {
        super(context);
    }

    @Override
    protected final Set<Role> roles() {
        return Set.of(Role.OPERATOR, Role.CONTROLLER);
    }

    /** The body of a request with a reason. */
    static ObjectNode reason(String reason) {
        return JsonNodeFactory.instance.objectNode().put("reason", reason);
    }
}
