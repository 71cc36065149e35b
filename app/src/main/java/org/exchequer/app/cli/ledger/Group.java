package org.exchequer.app.cli.ledger;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that is only a list of others. */
public abstract class Group implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandLine command =
                Objects.requireNonNull(spec, "the command line sets it").commandLine();
        throw new ParameterException(
                command,
                "which command? " + String.join(", ", command.getSubcommands().keySet()));
    }

    /** Gives a command and all below it {@code --help}. */
    protected static void withHelp(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        command.getSubcommands().values().forEach(Group::withHelp);
    }
}
