using Microsoft.Extensions.Logging;

namespace FlowRL.Cli;

/// <summary>Log lines on standard error; above the live view where there is one.</summary>
internal sealed class ErrorStreamLogs(CliHost host) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(host);

    public void Dispose() { }

    private sealed class Logger(CliHost host) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            host.Say(
                (logLevel >= LogLevel.Warning ? "warning: " : "") + formatter(state, exception) +
                (exception is null ? "" : $" {exception}"));
        }
    }
}
