using FlowRL.Cli;

return await new FlowRLTool(CliHost.Console()).RunAsync(args);
