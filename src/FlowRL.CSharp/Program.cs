using FlowRL.CSharp;

// Inside of a sandbox: "compile" answers one line of source after the other and never runs any of it; "run" runs one program, once.
OpenFiles.CloseInherited();
switch (args)
{
    case ["compile"]:
        Compiler.Serve(Console.OpenStandardInput(), Console.OpenStandardOutput());
        return 0;
    case ["run"]:
        return Runner.Run(Console.OpenStandardInput(), Console.OpenStandardOutput());
    default:
        await Console.Error.WriteLineAsync("compile or run");
        return 2;
}
